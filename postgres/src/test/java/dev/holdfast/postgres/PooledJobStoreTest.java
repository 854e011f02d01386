package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.Holdfast;
import dev.holdfast.testkit.JobStoreContract;
import dev.holdfast.testkit.StoreUnderTest;
import dev.holdfast.testkit.postgres.PgBouncer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Passes the contract of all stores behind a pooler that may use another session for every
 * transaction.
 */
@Tag("slow")
final class PooledJobStoreTest extends JobStoreContract {
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
  protected StoreUnderTest storeUnderTest(Path folder) {
    return new PostgresUnderTest(database, url()) {
      @Override
      public void awaitSilence() {} // behind a pooler there are no notifications
    };
  }

  private static String url() {
    return pooler.url(database.url());
  }

  /** Opens a queue twice: statements prepared on the pooler's server connections would collide. */
  @Test
  void a_queue_is_opened_twice_through_the_same_connections_of_the_pooler() throws SQLException {
    for (int i = 0; i < 2; i++) {
      execute("drop schema if exists holdfast cascade");
      try (Holdfast made = Holdfast.open(url())) {
        assertThat(made.queue().status().newest()).isEmpty();
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
      return ServerLife.behind(connection).pooled();
    }
  }
}
