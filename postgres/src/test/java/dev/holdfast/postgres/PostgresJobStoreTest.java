package dev.holdfast.postgres;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The newest PostgreSQL passes the contract of all stores. */
@Tag("slow")
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
