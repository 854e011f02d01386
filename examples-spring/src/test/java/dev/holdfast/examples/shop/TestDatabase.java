package dev.holdfast.examples.shop;

import dev.holdfast.testkit.postgres.PostgresDatabases;

/** A database on a real PostgreSQL, for all tests of a JVM that do not need one of their own. */
final class TestDatabase {
  private static final PostgresDatabases SERVER = PostgresDatabases.shared(18);
  private static final String SHARED = SERVER.create();

  private TestDatabase() {}

  static String url() {
    return SHARED;
  }

  static String fresh() {
    return SERVER.create();
  }
}
