package dev.holdfast.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("R-33")
final class SystemTimeTest {
  @TempDir private Path folder;

  @Test
  void takes_the_time_since_boot_from_the_file_that_has_it() throws IOException {
    SystemTime time = new SystemTime(uptime("1000.25 900.00\n"));

    assertThat(time.sinceBoot()).isEqualTo(1_000_250_000_000L);
  }

  @Test
  void goes_on_by_the_monotonic_clock_while_the_file_cannot_be_read() throws IOException {
    Path file = uptime("1000.25 900.00\n");
    SystemTime time = new SystemTime(file);
    long before = time.sinceBoot();

    Files.delete(file);

    assertThat(time.sinceBoot() - before).isBetween(0L, Duration.ofHours(1).toNanos());
  }

  @Test
  void is_the_monotonic_clock_where_no_file_has_the_time_since_boot() {
    SystemTime time = new SystemTime(folder.resolve("none"));

    long before = time.ticks();
    assertThat(time.sinceBoot() - before).isBetween(0L, Duration.ofHours(1).toNanos());
  }

  private Path uptime(String text) throws IOException {
    return Files.writeString(folder.resolve("uptime"), text);
  }
}
