package dev.holdfast.postgres;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The newest PostgreSQL passes the contract of all stores. */
final class PostgresJobStoreTest extends PostgresContract {
  private static TestDatabase database;

  @BeforeAll
  static void create() {
    database = TestDatabase.on(18);
  }

  @AfterAll
  static void drop() {
    database.close();
  }

  @Override
  TestDatabase database() {
    return database;
  }
}
