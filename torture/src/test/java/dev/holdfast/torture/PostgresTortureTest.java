package dev.holdfast.torture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.torture.checker.Verdict;
import dev.holdfast.torture.evidence.Blow;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The short form of {@code torture/torture --db postgres}. */
@Tag("R-12")
@Tag("R-32")
@Tag("R-33")
@Tag("R-50")
final class PostgresTortureTest {
  @TempDir private Path folder;

  @Test
  void every_promise_is_kept_while_a_process_and_the_server_are_killed() {
    assertKept(
        Plan.small()
            .ground(Ground.postgres(18))
            .jobs(400)
            .workers(2, 8)
            .lease(Duration.ofSeconds(4))
            .blows(Blow.Kind.KILL, 1)
            .blows(Blow.Kind.DISCONNECT, 1)
            .blows(Blow.Kind.KILL_SERVER, 1));
  }

  @Test
  @Tag("slow")
  void every_promise_is_kept_while_processes_and_the_server_are_killed() {
    assertKept(
        Plan.small()
            .ground(Ground.postgres(18))
            .jobs(3_000)
            .workers(3, 8)
            .lease(Duration.ofSeconds(4))
            .blows(Blow.Kind.KILL, 5)
            .blows(Blow.Kind.KILL_PRODUCER, 1)
            .blows(Blow.Kind.STOP, 2)
            .blows(Blow.Kind.DISCONNECT, 4)
            .blows(Blow.Kind.DISCONNECT_ALL, 2)
            .blows(Blow.Kind.CRASH_SERVER, 2)
            .blows(Blow.Kind.KILL_SERVER, 2));
  }

  private void assertKept(Plan plan) {
    Verdict verdict = Run.in(folder, plan);

    assertThat(verdict.isGoodButForIdleTime()).as(() -> new Report(plan, verdict).table()).isTrue();
    plan.blows()
        .forEach(
            (kind, count) ->
                assertThat(verdict.blows(kind)).as("%s", kind).isGreaterThanOrEqualTo(count));
    System.out.println(new Report(plan, verdict).json());
  }
}
