package dev.holdfast.torture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.torture.checker.Verdict;
import dev.holdfast.torture.evidence.Blow;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The short form of the torture; {@code torture/torture} runs the long one. */
@Tag("R-12")
@Tag("R-32")
@Tag("R-33")
final class TortureTest {
  @TempDir private Path folder;

  @Test
  void every_promise_is_kept_while_a_few_processes_are_killed_and_stopped() {
    assertKept(
        Plan.small()
            .jobs(600)
            .workers(2, 8)
            .lease(Duration.ofSeconds(2))
            .blows(Blow.Kind.KILL, 2)
            .blows(Blow.Kind.KILL_PRODUCER, 1)
            .blows(Blow.Kind.STOP, 1));
  }

  @Test
  @Tag("slow")
  void every_promise_is_kept_while_processes_are_killed_and_stopped() {
    assertKept(
        Plan.small()
            .jobs(6_000)
            .workers(3, 8)
            .lease(Duration.ofSeconds(2))
            .blows(Blow.Kind.KILL, 8)
            .blows(Blow.Kind.KILL_ALL, 1)
            .blows(Blow.Kind.KILL_PRODUCER, 2)
            .blows(Blow.Kind.STOP, 4)
            .blows(Blow.Kind.TERMINATE, 1));
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
