package dev.holdfast.torture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.torture.checker.Verdict;
import dev.holdfast.torture.evidence.Blow;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A short run of the blows that {@link TortureTest} does not strike; {@code torture/torture
 * --all-nemeses} strikes all.
 */
@Tag("slow")
@Tag("R-12")
@Tag("R-33")
final class NemesesTest {
  private static final Plan SHORT =
      Plan.small()
          .jobs(200)
          .runMillis(50)
          .unfinished(150)
          .workers(2, 8)
          .lease(Duration.ofSeconds(2))
          .blows(Blow.Kind.OPEN_CALL, 2);

  @TempDir private Path folder;

  @Test
  void on_SQLite_every_promise_is_kept() {
    runs(
        SHORT
            .blows(Blow.Kind.LOCK_STORE, 1)
            .blows(Blow.Kind.FILL_DISK, 1)
            .blows(Blow.Kind.FREEZE, 1)
            .blows(Blow.Kind.CLOCK_FORWARD, 1)
            .blows(Blow.Kind.CLOCK_BACK, 1));
  }

  @Test
  void on_PostgreSQL_every_promise_is_kept() {
    runs(
        SHORT
            .ground(new Ground(18, false, false))
            .blows(Blow.Kind.DISCONNECT, 2)
            .blows(Blow.Kind.LOCK_ROWS, 2)
            .blows(Blow.Kind.FREEZE, 1));
  }

  private void runs(Plan wanted) {
    Plan plan = Abilities.allowed(wanted, System.out::println);

    Verdict verdict = Run.in(folder, plan);

    Report report = new Report(plan, verdict);
    assertThat(verdict.isGoodButForIdleTime()).as(report::table).isTrue();
  }
}
