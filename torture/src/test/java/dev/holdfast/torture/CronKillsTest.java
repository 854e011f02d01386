package dev.holdfast.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The short form; {@code torture/torture cron} has the long one. */
@Tag("slow")
@Tag("R-25")
final class CronKillsTest {
  @TempDir private Path folder;

  @Test
  void each_fire_time_fires_once_though_workers_are_killed() {
    assertThat(new CronKills(42, Duration.ofSeconds(15), 4, 0, false).run(folder)).isTrue();
  }

  @Test
  void each_fire_time_fires_once_on_PostgreSQL_too() {
    assertThat(new CronKills(42, Duration.ofSeconds(15), 4, 15, false).run(folder)).isTrue();
  }
}
