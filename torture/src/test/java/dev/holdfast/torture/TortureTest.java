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
@Tag("slow")
final class TortureTest {
  @TempDir private Path folder;

  @Test
  @Tag("R-12")
  @Tag("R-32")
  @Tag("R-33")
  void every_promise_is_kept_while_processes_are_killed_and_stopped() {
    Plan plan =
        Plan.small()
            .jobs(6_000)
            .workers(3, 8)
            .lease(Duration.ofSeconds(2))
            .blows(Blow.Kind.KILL, 8)
            .blows(Blow.Kind.KILL_ALL, 1)
            .blows(Blow.Kind.KILL_PRODUCER, 2)
            .blows(Blow.Kind.STOP, 4)
            .blows(Blow.Kind.TERMINATE, 1);

    Verdict verdict = Run.in(folder, plan);

    assertThat(verdict.isGood()).as(() -> new Report(plan, verdict).table()).isTrue();
    assertThat(verdict.blows(Blow.Kind.KILL)).isEqualTo(8);
    assertThat(verdict.blows(Blow.Kind.STOP)).isEqualTo(4);
    System.out.println(new Report(plan, verdict).json());
  }
}
