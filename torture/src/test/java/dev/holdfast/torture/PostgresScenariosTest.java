package dev.holdfast.torture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.postgres.Wire;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The short forms of the scenarios on PostgreSQL; {@code torture/torture} has the long ones. */
@Tag("slow")
final class PostgresScenariosTest {
  private static final int OLDEST = 15;

  @TempDir private Path folder;

  @Test
  @Tag("R-50")
  void nothing_acknowledged_is_lost_when_a_synchronous_standby_takes_over() {
    assertThat(Failover.run(folder, Failover.plan(2, OLDEST), true)).isTrue();
  }

  @Test
  @Tag("R-33")
  void a_worker_whose_network_went_silent_stops_exclusive_handlers_before_others_start_their_jobs()
      throws IOException {
    assertThat(new CutOff(OLDEST).run(folder, "goes silent", Wire::freeze)).isTrue();
  }

  @Test
  void a_server_that_is_away_for_a_few_seconds_stops_no_handler_and_moves_no_job() {
    assertThat(new ServerRestart(OLDEST).run(folder)).isTrue();
  }
}
