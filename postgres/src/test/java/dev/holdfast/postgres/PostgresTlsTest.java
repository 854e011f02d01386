package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.Holdfast;
import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import dev.holdfast.NodeConfig;
import dev.holdfast.error.StoreUnavailableException;
import dev.holdfast.testkit.postgres.PostgresServer;
import dev.holdfast.testkit.process.Eventually;
import dev.holdfast.testkit.process.TlsKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server with TLS, whose certificate only clients that are configured to do so trust. */
@Tag("R-50")
final class PostgresTlsTest {
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final String HOLDS_A_LOCK =
      "exists (select from pg_locks l where l.pid = a.pid and l.locktype = 'advisory')";

  @TempDir private static Path folder;
  private static PostgresServer server;

  @BeforeAll
  static void startServer() throws IOException {
    TlsKeys keys = TlsKeys.make(folder);
    Files.writeString(certificate(), keys.certificatePem());
    server = PostgresServer.startWithTls(18, keys);
  }

  @AfterAll
  static void endServer() {
    server.close();
  }

  @Test
  void every_connection_is_encrypted_and_notifications_come_through() throws Exception {
    String url = server.createDatabase() + "&sslmode=verify-full&sslrootcert=" + certificate();
    try (Holdfast worker = Holdfast.open(url);
        Holdfast producer = Holdfast.open(url)) {
      worker.handle("t", Integer.class, (payload, job) -> payload + 1);
      worker.start(NodeConfig.defaults().pollInterval(NodeConfig.POLL_INTERVAL_MAX));
      Eventually.is("it listens, and then locks", () -> sessions(HOLDS_A_LOCK) > 0);

      for (int n = 0; n < 20; n++) { // none of them waits for the next poll
        JobId id = producer.enqueue(NewJob.of("t", n)).id();
        assertThat(worker.await(id, LONG).get().result()).contains(Integer.toString(n + 1));
      }

      assertThat(sessions("s.ssl")).isGreaterThanOrEqualTo(3);
      assertThat(sessions("not s.ssl")).isZero();
    }
  }

  @Test
  void a_certificate_that_is_not_trusted_is_refused_in_words() throws IOException {
    Path other = Files.createDirectory(folder.resolve("other"));
    Path stranger = other.resolve("stranger.crt");
    Files.writeString(stranger, TlsKeys.make(other).certificatePem());
    String url = server.createDatabase() + "&sslmode=verify-full&sslrootcert=" + stranger;

    assertThatThrownBy(
            () -> {
              try (Holdfast holdfast = Holdfast.open(url)) {
                holdfast.enqueue(NewJob.of("t", 1));
              }
            })
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("SSL error");
  }

  private static Path certificate() {
    return folder.resolve("root.crt");
  }

  /** Counts the sessions of Holdfast that meet a condition. */
  private static long sessions(String condition) throws SQLException {
    try (Connection connection = server.connect();
        Statement sql = connection.createStatement();
        ResultSet count =
            sql.executeQuery(
                """
                select count(*) from pg_stat_activity a join pg_stat_ssl s using (pid)
                 where a.application_name = 'holdfast' and (%s)
                """
                    .formatted(condition))) {
      count.next();
      return count.getLong(1);
    }
  }
}
