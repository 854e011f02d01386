package dev.holdfast.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The short form; {@code torture/torture bulk} has the long one. */
@Tag("slow")
@Tag("R-76")
final class BulkKillsTest {
  @TempDir private Path folder;

  @Test
  void each_dead_letter_returns_once_though_workers_are_killed() {
    assertThat(new BulkKills(42, 10_000, 3, 0).run(folder)).isTrue();
  }

  @Test
  void each_dead_letter_returns_once_on_PostgreSQL_too() {
    assertThat(new BulkKills(42, 10_000, 3, 18).run(folder)).isTrue();
  }
}
