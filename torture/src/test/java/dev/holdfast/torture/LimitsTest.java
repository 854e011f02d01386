package dev.holdfast.torture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.torture.evidence.Blow;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The short form; {@code torture/torture limits} has the long one. */
@Tag("slow")
@Tag("R-15")
final class LimitsTest {
  private static final int LIMIT = 2;

  @TempDir private Path folder;

  @Test
  void a_queue_never_exceeds_its_limit_though_workers_are_killed() {
    assertThat(Limits.run(folder, plan(Ground.SQLITE), LIMIT)).isTrue();
  }

  @Test
  void a_queue_never_exceeds_its_limit_on_PostgreSQL_too() {
    assertThat(Limits.run(folder, plan(Ground.postgres(18)), LIMIT)).isTrue();
  }

  private static Plan plan(Ground ground) {
    return Plan.small()
        .ground(ground)
        .jobs(500)
        .workers(3, 8)
        .patience(Duration.ofMinutes(1))
        .blows(Blow.Kind.KILL, 3);
  }
}
