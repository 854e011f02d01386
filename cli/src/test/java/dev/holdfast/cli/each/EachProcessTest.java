package dev.holdfast.cli.each;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.ChildJvm;
import dev.holdfast.cli.Cli;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.testkit.process.Alive;
import dev.holdfast.testkit.process.Eventually;
import dev.holdfast.testkit.process.Pipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code each} and {@code work} in processes of their own, which end in various ways. */
class EachProcessTest {
  @TempDir Path folder;
  List<Pipe> pipes = new ArrayList<>();
  List<ChildJvm> children = new ArrayList<>();

  @BeforeEach
  void makePipe() throws Exception {
    pipes.add(Pipe.in(folder));
  }

  @AfterEach
  void end() throws Exception {
    for (ChildJvm child : children) {
      child.killIfAlive();
    }
    for (Pipe pipe : pipes) {
      pipe.close();
    }
  }

  Pipe pipe() {
    return pipes.get(0);
  }

  Path input(List<String> lines) throws IOException {
    return Files.write(folder.resolve("input"), lines);
  }

  ChildJvm start(Path in, String... args) throws IOException {
    ChildJvm child = ChildJvm.holdfast(folder, in, args);
    children.add(child);
    return child;
  }

  /** Each item writes to the pipe when it begins, and takes a moment. */
  @Test
  @Tag("slow")
  @Tag("R-32")
  void killed_five_times_it_still_does_everything() throws Exception {
    int items = 200;
    List<String> lines = IntStream.rangeClosed(1, items).mapToObj(Integer::toString).toList();
    String[] command = {
      "each", "-j4", "sh", "-c", "echo $1 > pipe; sleep 0.02; echo done $1", "sh"
    };
    List<String> printed = new ArrayList<>();
    for (int kill = 0; kill < 5; kill++) {
      ChildJvm child = start(input(lines), command);
      for (int i = 0; i < 25; i++) {
        pipe().line();
      }
      child.signal("KILL");
      assertThat(child.end()).isEqualTo(137);
      printed.addAll(child.out().lines().toList());
    }

    ChildJvm last = start(input(lines), command);
    assertThat(last.end()).as(last.err()).isZero();
    printed.addAll(last.out().lines().toList());

    assertThat(printed).containsAll(lines.stream().map(line -> "done " + line).toList());
    assertThat(printed.stream().distinct()).hasSize(items);
    Cli cli = new Cli(folder);
    assertThat(cli.run("list", "--state", "COMPLETED", "--limit", "1000", "--json").lines())
        .hasSize(items);
    assertThat(cli.run("list", "--limit", "1000", "--json").lines()).hasSize(items);
    assertThat(last.lastLine()).matches("completed \\d+, failed 0, resumed \\d+, in .*");
  }

  @Test
  @Tag("R-32")
  void commands_left_by_a_killed_process_are_ended_before_their_items_run_again() throws Exception {
    String script =
        "setsid sh -c 'trap \"\" TERM; echo $$ > pipe; test -e mark || sleep 1000' & wait";
    ChildJvm killed = start(input(List.of("a")), "each", "sh", "-c", script);
    long orphan = pipe().number();
    killed.signal("KILL");
    killed.end();
    assertThat(Alive.isAlive(orphan)).isTrue();
    Files.createFile(folder.resolve("mark"));

    ChildJvm next = start(input(List.of("a")), "each", "sh", "-c", script);

    pipe().number();
    assertThat(Alive.isAlive(orphan)).isFalse();
    assertThat(next.end()).isZero();
    assertThat(next.lastLine()).startsWith("completed 1, failed 0, resumed 1, in ");
  }

  /** Ctrl-C does not wait for the grace period, which would be a minute here. */
  @ParameterizedTest
  @CsvSource({"INT,1m,130", "TERM,0s,143", "HUP,0s,129"})
  @Tag("R-31")
  void a_signal_ends_it_with_all_that_it_started(String signal, String grace, int exitCode)
      throws Exception {
    String script =
        "trap '' TERM INT HUP; sleep 1000 & echo $! > pipe; setsid sleep 1000 & echo $! > pipe;"
            + " wait; wait";
    ChildJvm child =
        start(input(List.of("a", "b")), "each", "-j2", "--grace", grace, "sh", "-c", script);
    List<Long> pids = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      pids.add(pipe().number());
    }

    child.signal(signal);

    assertThat(child.end()).isEqualTo(exitCode);
    assertThat(pids).noneMatch(Alive::isAlive);
    assertThat(child.err())
        .contains(
            "SIG" + signal + ": stopping; ",
            "2 running commands",
            "holdfast: 2 items left: the same command continues from here\n");
    assertThat(child.lastLine()).startsWith("completed 0, failed 0, resumed 0, in ");
    assertThat(new Cli(folder).run("list", "--json").out())
        .contains("\"state\":\"PENDING\"", "\"attempt\":0")
        .doesNotContain("RUNNING");
  }

  @Test
  @Tag("R-31")
  void a_signal_lets_commands_end_in_their_grace_period() throws Exception {
    Path go = folder.resolve("go");
    String script = "echo $$ > pipe; until test -e go; do sleep 0.01; done; echo done";
    ChildJvm child =
        start(input(List.of("a", "b")), "each", "-j1", "--grace", "1h", "sh", "-c", script);
    pipe().number();

    child.signal("TERM");
    child.awaitMessage("SIGTERM: stopping; ");
    Files.createFile(go);

    assertThat(child.end()).isEqualTo(143);
    assertThat(child.out()).isEqualTo("done\n");
    assertThat(child.lastLine()).startsWith("completed 1, failed 0, resumed 0, in ");
  }

  @Test
  @Tag("R-31")
  void a_second_signal_kills() throws Exception {
    ChildJvm child =
        start(
            input(List.of("a")),
            "each",
            "--grace",
            "1h",
            "sh",
            "-c",
            "trap '' TERM; echo $$ > pipe; while :; do sleep 1000; done");
    long pid = pipe().number();

    child.signal("TERM");
    child.awaitMessage("SIGTERM: stopping; waits up to 1h 0m for 1 running command: job ");
    Eventually.is(
        "the command is killed",
        () -> {
          child.signal("TERM");
          return !Alive.isAlive(pid);
        });

    assertThat(child.end()).isEqualTo(143);
  }

  @Test
  @Tag("R-31")
  void the_same_signal_to_the_process_and_to_its_group_is_one() throws Exception {
    Path go = folder.resolve("go");
    String script = "echo $$ > pipe; until test -e go; do sleep 0.01; done; echo done";
    ChildJvm child =
        start(input(List.of("a", "b")), "each", "-j1", "--grace", "1h", "sh", "-c", script);
    pipe().number();

    String kill = "kill -s TERM " + child.pid() + "; sleep 0.02; "; // else the system makes it one
    new ProcessBuilder("sh", "-c", kill.repeat(3)).inheritIO().start().waitFor();
    child.awaitMessage("SIGTERM: stopping; ");
    Files.createFile(go);

    assertThat(child.end()).isEqualTo(143);
    assertThat(child.out()).isEqualTo("done\n");
  }

  @Test
  void a_second_one_for_the_same_run_is_refused() throws Exception {
    String[] command = {"each", "--name", "x", "sh", "-c", "echo $$ > pipe; sleep 1000"};
    ChildJvm first = start(input(List.of("a")), command);
    pipe().number();

    ChildJvm second = start(input(List.of("a")), command);

    assertThat(second.end()).isEqualTo(ExitCodes.BUSY);
    assertThat(second.err())
        .startsWith(
            "holdfast: process "
                + first.pid()
                + " is working on this run: wait for it, or use another --name")
        .hasLineCount(1);
  }

  /** The second line runs only after the first was seen. */
  @Test
  void it_waits_for_an_item_that_another_worker_runs_and_prints_it() throws Exception {
    String script =
        "test -e again || exit 1; echo $1 > pipe; until test -e go; do sleep 0.01; done; echo $1";
    String[] command = {"each", "--name", "x", "sh", "-c", script, "sh"};
    assertThat(start(input(List.of("a")), command).end()).isEqualTo(ExitCodes.FAILED);
    Files.createFile(folder.resolve("again"));
    new Cli(folder).run("retry", "--all");
    ChildJvm worker = start(Path.of("/dev/null"), "work", "--until-empty");
    assertThat(pipe().line()).isEqualTo("a");

    ChildJvm each;
    try (Pipe source = Pipe.at(folder.resolve("source"))) {
      each = start(folder.resolve("source"), command);
      source.write("a");
      source.write("b");
      assertThat(pipe().line()).isEqualTo("b");
    }
    Files.createFile(folder.resolve("go"));

    assertThat(each.end()).as(each.err()).isZero();
    assertThat(each.out().lines()).containsExactlyInAnyOrder("a", "b");
    assertThat(each.lastLine()).startsWith("completed 2, failed 0, resumed 1, in ");
    assertThat(worker.end()).isZero();
  }

  /** The program that reads our output exits. */
  @Test
  void without_a_reader_it_ends_and_the_next_one_prints_the_rest() throws Exception {
    List<String> lines = IntStream.rangeClosed(1, 20).mapToObj(Integer::toString).toList();
    String java = ChildJvm.shellCommand(folder.resolve("jobs.db"));
    Process pipeline =
        new ProcessBuilder(
                "bash",
                "-c",
                "set -o pipefail; %s each -j1 -- echo < %s 2> err | head -n 1"
                    .formatted(java, input(lines)))
            .directory(folder.toFile())
            .redirectOutput(folder.resolve("first").toFile())
            .start();
    int code = pipeline.waitFor();
    assertThat(folder.resolve("first")).hasContent("1");
    if (code != 0) { // else all of it went into the pipe before the reader was gone
      assertThat(code).as(Files.readString(folder.resolve("err"))).isEqualTo(ExitCodes.PIPE_CLOSED);
      assertThat(folder.resolve("err"))
          .content()
          .contains("the output cannot be written (Broken pipe)");
      ChildJvm next = start(input(lines), "each", "-j1", "--", "echo");
      assertThat(next.end()).isZero();
      assertThat(next.out().lines()).contains("20");
    }
  }

  @Test
  @Tag("R-31")
  void work_ends_on_a_signal_and_gives_its_job_back() throws Exception {
    Cli cli = new Cli(folder);
    cli.run(
        "enqueue",
        "--type",
        "exec",
        "--payload",
        "{\"argv\": [\"sh\", \"-c\", \"echo $$ > pipe; exec sleep 1000\"], \"cwd\": \"%s\"}"
            .formatted(folder));
    ChildJvm child = start(Path.of("/dev/null"), "work", "--grace", "0s");
    long pid = pipe().number();

    child.signal("TERM");

    assertThat(child.end()).isEqualTo(143);
    assertThat(Alive.isAlive(pid)).isFalse();
    assertThat(cli.run("list", "--json").json().get("state").stringValue()).isEqualTo("PENDING");
    assertThat(child.lastLine()).isEqualTo("holdfast: completed 0, failed 0");
  }

  @Test
  void it_says_nothing_but_its_last_line() throws Exception {
    ChildJvm child = start(input(List.of("a")), "each", "echo");

    assertThat(child.end()).isZero();
    assertThat(child.out()).isEqualTo("a\n");
    assertThat(child.err()).matches("completed 1, failed 0, resumed 0, in \\S+\n");
  }
}
