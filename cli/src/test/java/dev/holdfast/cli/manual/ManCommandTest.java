package dev.holdfast.cli.manual;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Cli;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("R-77")
class ManCommandTest {
  private static final Set<String> MACROS =
      Set.of(".TH", ".SH", ".SS", ".PP", ".TP", ".B", ".nh", ".ad");

  @TempDir Path folder;

  private List<String> page() {
    return new Cli(folder).run("man").out().lines().toList();
  }

  @Test
  void has_each_command_with_its_options() {
    assertThat(page())
        .contains(
            ".SS \"holdfast enqueue\"",
            ".SS \"holdfast queues pause\"",
            ".B \\-\\-payload JSON|@FILE")
        .containsSubsequence(
            ".SH NAME", ".SH OPTIONS", ".SH COMMANDS", ".SH EXIT STATUS", ".SH ENVIRONMENT");
  }

  @Test
  void has_no_text_that_a_formatter_takes_for_a_request() {
    assertThat(page())
        .allSatisfy(
            line -> {
              assertThat(line).doesNotStartWith("'").isNotBlank();
              if (line.startsWith(".")) {
                assertThat(MACROS).contains(line.replaceFirst(" .*", ""));
              }
            });
  }

  @Test
  void hides_what_the_help_hides() {
    assertThat(page()).noneMatch(line -> line.contains("holdfast demo worker"));
  }
}
