package dev.holdfast.testkit.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class StandbyTest {
  private static final String INSERT = "insert into kept select coalesce(max(n), 0) + 1 from kept";
  private static final String COUNT = "select count(*) from kept";

  @ParameterizedTest
  @ValueSource(ints = {15, 18})
  void takes_over_with_all_that_was_answered_again_and_again(int major) throws SQLException {
    PostgresServer primary = PostgresServer.start(major);
    PostgresServer standby = PostgresServer.standbyOf(primary, primary.port(), "standby_0");
    try {
      primary.awaitStandbyAtCommit();
      Sql.execute(primary.url(), "create table kept (n int)");
      for (int round = 1; round <= 3; round++) {
        Sql.execute(primary.url(), INSERT);
        String reading = standby.url();
        assertThatThrownBy(() -> Sql.execute(reading, INSERT))
            .hasMessageContaining("read-only transaction");
        PostgresServer dead = primary;
        dead.kill();
        standby.promote();
        primary = standby;
        standby = dead;
        standby.follow(primary, primary.port(), "standby_" + round);
        primary.awaitStandbyAtCommit();

        assertThat(Sql.query(primary.url(), COUNT)).isEqualTo(Integer.toString(round));
      }
    } finally {
      primary.close();
      standby.close();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 18})
  void that_must_have_a_commit_first_keeps_it_from_being_answered(int major) throws SQLException {
    try (PostgresServer primary = PostgresServer.start(major);
        Wire wire = Wire.to(primary.port());
        PostgresServer standby = PostgresServer.standbyOf(primary, wire.port(), "standby")) {
      primary.awaitStandbyAtCommit();
      Sql.execute(primary.url(), "create table kept (n int)");
      wire.freeze();
      CompletableFuture<Void> insert = CompletableFuture.runAsync(() -> insert(primary));
      Sql.await(
          primary.url(), "select count(*) from pg_stat_activity where wait_event = 'SyncRep'", "1");

      primary.kill();

      assertThatThrownBy(insert::join).isInstanceOf(CompletionException.class);
    }
  }

  private static void insert(PostgresServer server) {
    try {
      Sql.execute(server.url(), INSERT);
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 18})
  void that_is_not_waited_for_may_lose_confirmed_jobs(int major) throws SQLException {
    try (PostgresServer primary = PostgresServer.start(major);
        Wire wire = Wire.to(primary.port());
        PostgresServer standby = PostgresServer.standbyOf(primary, wire.port(), "standby")) {
      Sql.execute(primary.url(), "create table kept (n int)");
      Sql.execute(primary.url(), INSERT);
      Sql.await(standby.url(), "select coalesce(to_regclass('kept')::text, '')", "kept");
      Sql.await(standby.url(), COUNT, "1");
      wire.freeze();
      Sql.execute(primary.url(), INSERT);

      primary.kill();
      wire.cut();
      standby.promote();

      assertThat(Sql.query(standby.url(), COUNT)).isEqualTo("1");
      Sql.execute(standby.url(), INSERT);
      assertThat(Sql.query(standby.url(), COUNT)).isEqualTo("2");
    }
  }
}
