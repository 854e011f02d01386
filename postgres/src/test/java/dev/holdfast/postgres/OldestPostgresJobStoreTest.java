package dev.holdfast.postgres;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** So does the oldest PostgreSQL that every build tests. */
@Tag("slow")
final class OldestPostgresJobStoreTest extends PostgresContract {
  private static TestDatabase database;

  @BeforeAll
  static void create() {
    database = TestDatabase.on(15);
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
