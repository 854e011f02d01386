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
@Tag("slow")
final class PostgresTortureTest {
  @TempDir private Path folder;

  @Test
  @Tag("R-12")
  @Tag("R-32")
  @Tag("R-33")
  @Tag("R-50")
  void every_promise_is_kept_while_processes_and_the_server_are_killed() {
    Plan plan =
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
            .blows(Blow.Kind.KILL_SERVER, 2);

    Verdict verdict = Run.in(folder, plan);

    assertThat(verdict.isGood()).as(() -> new Report(plan, verdict).table()).isTrue();
    assertThat(verdict.blows(Blow.Kind.KILL_SERVER)).isEqualTo(2);
    assertThat(verdict.blows(Blow.Kind.CRASH_SERVER)).isEqualTo(2);
    System.out.println(new Report(plan, verdict).json());
  }
}
