package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.NewJob;
import dev.holdfast.cli.terminal.ExitCodes;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The commands that keep the database itself in order. */
class UpkeepCommandsTest {
  @TempDir Path folder;
  Cli cli = new Cli(Path.of(""));

  @BeforeEach
  void enqueue() {
    cli = new Cli(folder);
    try (Holdfast holdfast = cli.open()) {
      holdfast.enqueue(NewJob.of("t", 1));
    }
  }

  @Nested
  @Tag("R-52")
  class Maintain {
    @Test
    void does_one_thing_at_a_time() {
      assertThat(cli.run("maintain").line()).startsWith("moved ").endsWith(" pages");
      assertThat(
              cli.run("maintain", "checkpoint", "--mode", "PASSIVE", "--json").json().get("whole"))
          .hasToString("true");
      assertThat(cli.run("maintain", "analyze").line()).isEqualTo("analyzed");
      assertThat(cli.run("maintain", "vacuum", "--json").json().get("bytes_after").longValue())
          .isPositive();
      assertThat(cli.run("maintain", "polish").code()).isNotEqualTo(ExitCodes.OK);
      assertThat(cli.run("maintain", "--mode", "x").lastMessage()).contains("'x'", "truncate");
    }
  }

  @Nested
  @Tag("R-51")
  class Backup {
    @Test
    void tells_where_the_copy_is() {
      String file = cli.run("backup", "a").line().replaceFirst(" \\(.*", "");
      try (Holdfast copy = Holdfast.open(file)) {
        assertThat(copy.status().counts().values().stream().mapToLong(n -> n).sum()).isEqualTo(1);
      }

      JsonNode second = cli.run("backup", "--keep", "1", "--json").json();
      assertThat(second.get("name").stringValue()).matches("\\d{8}-\\d{6}");
      assertThat(second.get("removed")).hasToString("[\"a\"]");
      assertThat(Path.of(file)).doesNotExist();
      assertThat(cli.run("backup", "../a").lastMessage()).contains("'../a'");
    }
  }
}
