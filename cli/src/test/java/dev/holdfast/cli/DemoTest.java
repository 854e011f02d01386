package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs the demo as a user would; the demo itself checks what it shows. */
class DemoTest {
  @Test
  @Timeout(value = 3, unit = TimeUnit.MINUTES)
  @Tag("R-33")
  void shows_a_stop_a_crash_a_stuck_job_and_a_zombie() throws Exception {
    Process demo =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "demo",
                "recovery")
            .redirectErrorStream(true)
            .start();

    String output = new String(demo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(demo.waitFor()).as(output).isZero();
    assertThat(output)
        .contains("attempts used up: 0")
        .contains("crashes counted: 1")
        .contains("done at the second start")
        .contains("refused, as its fencing token is old");
  }
}
