package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.Holdfast;
import dev.holdfast.testkit.postgres.PgBouncer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
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

  /** Behind a pooler a store hears nobody. */
  @Override
  protected void awaitSilence() {}

  /** What one of them prepared on the server's side of the pooler would be in the other's way. */
  @Test
  void a_queue_is_made_twice_through_the_same_connections_of_the_pooler() throws SQLException {
    for (int i = 0; i < 2; i++) {
      execute("drop schema if exists holdfast cascade");
      try (Holdfast made = Holdfast.open(url())) {
        assertThat(made.status().newest()).isEmpty();
      }
    }
  }

  private void execute(String statement) throws SQLException {
    try (Connection connection = DriverManager.getConnection(database.url());
        Statement direct = connection.createStatement()) {
      direct.execute(statement);
    }
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
