package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.testkit.postgres.PgBouncer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Behind a pooler that gives every transaction another session, the contract is the same. */
@Tag("slow")
final class PooledJobStoreTest extends PostgresContract {
  private static TestDatabase database;
  private static PgBouncer pooler;

  @BeforeAll
  static void create() {
    assumeTrue(PgBouncer.isInstalled(), "pgbouncer is not installed: nothing was tested behind it");
    database = TestDatabase.on(18);
    pooler = PgBouncer.inFrontOf(database.url());
  }

  @AfterAll
  static void drop() {
    if (pooler != null) {
      pooler.close();
      database.close();
    }
  }

  @Override
  TestDatabase database() {
    return database;
  }

  @Override
  String url() {
    return pooler.url(database.url());
  }

  @Test
  void a_pooler_is_noticed_without_being_named() throws SQLException {
    assertThat(isPooled(url())).isTrue();
    assertThat(isPooled(database.url())).isFalse();
  }

  private static boolean isPooled(String address) throws SQLException {
    try (Connection connection = DriverManager.getConnection(address)) {
      return Server.behind(connection).pooled();
    }
  }
}
