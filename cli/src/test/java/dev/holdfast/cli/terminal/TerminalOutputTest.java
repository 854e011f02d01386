package dev.holdfast.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import dev.holdfast.cli.Cli;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The output of commands at a terminal, and elsewhere. */
@Tag("R-77")
final class TerminalOutputTest {
  private static final String ESCAPE = "\u001b[";
  private static final String FIRST = "01941f29-7c00-7a3c-8f5e-2f3d8c1b6a90";
  private static final String OF_ANOTHER_PROCESS = "01941f29-7c00-7a3c-9f5e-2f3d8c1b6a90";
  private static final String LATER = "01951f29-7c00-7a3c-8f5e-2f3d8c1b6a90";

  @TempDir Path folder;
  private Cli cli;

  @BeforeEach
  void enqueue() {
    cli = new Cli(folder);
    try (Holdfast holdfast = cli.open()) {
      for (String id : List.of(FIRST, OF_ANOTHER_PROCESS, LATER)) {
        holdfast.enqueue(NewJob.of("t", Map.of()).withId(JobId.parse(id)));
      }
      holdfast.queue().cancel(List.of(JobId.parse(FIRST)), "test");
    }
  }

  private List<String> ids() {
    return cli.run("list", "--columns", "id").lines().stream().skip(1).toList();
  }

  @Test
  void shortens_ids_so_that_those_shown_differ() {
    cli.env("NO_COLOR", "1").terminal(80);

    assertThat(ids())
        .containsExactly("01951f29-7c00-7a3c-8", "01941f29-7c00-7a3c-9", "01941f29-7c00-7a3c-8");
    assertThat(cli.run("list", "--columns", "id", "--since", "2025-02-18").lines())
        .containsExactly("ID", "01951f29-7c00-7a3c");
    for (String id : ids()) {
      assertThat(cli.run("show", id).code()).as("%s names a job", id).isEqualTo(ExitCodes.OK);
    }
  }

  @Test
  void keeps_ids_whole_for_programs() {
    assertThat(ids()).containsExactly(LATER, OF_ANOTHER_PROCESS, FIRST);

    cli.terminal(80);
    assertThat(cli.run("list", "--json").lines())
        .hasSize(3)
        .allMatch(line -> line.contains("-8f5e-2f3d8c1b6a90") || line.contains("-9f5e-2f3d"));
    assertThat(cli.run("enqueue", "--type", "t").line()).hasSize(36);
  }

  @Test
  void has_colours_on_a_terminal_alone() {
    assertThat(cli.run("list").out()).doesNotContain(ESCAPE);
    assertThat(cli.run("status").out()).doesNotContain(ESCAPE);

    cli.terminal(120);
    assertThat(cli.run("list").out()).contains(ESCAPE + "1mID", ESCAPE + "2mCANCELLED");
    assertThat(cli.run("show", FIRST).out()).contains(ESCAPE + "2mCANCELLED");
    assertThat(cli.run("status").out()).contains(ESCAPE + "33mWARNING");
    assertThat(cli.run("doctor").out()).contains(ESCAPE + "33mWARNING");
    assertThat(cli.run("list", "--json").out()).doesNotContain(ESCAPE);
    assertThat(cli.run("list", "--help").out()).contains(ESCAPE);
  }

  @Test
  void has_no_colours_if_the_user_wants_none() {
    cli.env("NO_COLOR", "1").terminal(120);

    assertThat(cli.run("list").out()).doesNotContain(ESCAPE);
    assertThat(cli.run("status").out()).doesNotContain(ESCAPE);
    assertThat(cli.run("list", "--help").out()).doesNotContain(ESCAPE);
  }

  @Test
  void has_no_row_of_a_table_that_is_wider_than_the_terminal() {
    cli.env("NO_COLOR", "1");
    for (int columns : List.of(40, 80, 160)) {
      cli.terminal(columns);
      for (String command : List.of("list", "queues", "metrics", "workers", "failures")) {
        assertThat(cli.run(command).lines())
            .as("%s at %d columns", command, columns)
            .allMatch(line -> Text.width(line) <= columns);
      }
    }
  }
}
