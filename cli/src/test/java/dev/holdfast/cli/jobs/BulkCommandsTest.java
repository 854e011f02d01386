package dev.holdfast.cli.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Cli;
import dev.holdfast.cli.options.Person;
import dev.holdfast.cli.terminal.ExitCodes;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code holdfast bulk} and its subcommands. */
@Tag("R-76")
final class BulkCommandsTest {
  @TempDir Path folder;

  @Test
  void start_show_and_stop_what_is_done_in_the_background() {
    Cli cli = new Cli(folder);
    cli.run("enqueue", "--type", "t", "--tag", "import");

    JsonNode first = cli.run("cancel", "--tag", "import", "--background", "--json").json();
    String id = first.get("id").asString();
    cli.run("delete", "--all", "--background");

    assertThat(cli.run("list", "--state", "PENDING").lines()).hasSize(2);
    assertThat(cli.run("bulk").lines()).hasSize(3);
    assertThat(cli.run("bulk").lines().get(2))
        .contains(id, "  cancel  ", "  RUNNING  ", Person.name());
    assertThat(cli.run("bulk", "show", id).out())
        .contains("action: cancel\n", "tag=import", "done: 0\n", "state: RUNNING\n");
    JsonNode stopped = cli.run("bulk", "cancel", id.substring(0, id.length() - 2), "--json").json();
    assertThat(stopped.get("state").asString()).isEqualTo("CANCELLED");
    assertThat(cli.run("bulk", "show", id).out()).contains("state: CANCELLED\n", "took: ");
  }

  @Test
  void refuse_what_names_no_operation_or_several() {
    Cli cli = new Cli(folder);
    String job = cli.run("enqueue", "--type", "t").out().strip();
    cli.run("retry", "--all", "--background");
    cli.run("retry", "--all", "--background");

    assertThat(cli.run("bulk", "show", "x").code()).isEqualTo(ExitCodes.NOT_FOUND);
    assertThat(cli.run("bulk", "cancel", "").err()).contains("the ids of 2 bulk operations");
    assertThat(cli.run("cancel", job, "--background").err()).contains("leave it out, or the ids");
  }
}
