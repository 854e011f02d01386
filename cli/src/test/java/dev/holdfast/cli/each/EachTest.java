package dev.holdfast.cli.each;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.Job;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.PageRequest;
import dev.holdfast.cli.Cli;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.cli.terminal.Threads;
import dev.holdfast.testkit.process.Pipe;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("R-43")
class EachTest {
  @TempDir Path folder;
  Cli cli = new Cli(Path.of(""));

  @BeforeEach
  void nameDatabase() {
    cli = new Cli(folder);
  }

  List<Job> jobs() {
    try (Holdfast holdfast = cli.open()) {
      return holdfast.queue().list(JobFilter.all(), PageRequest.first(500)).items();
    }
  }

  static String summary(int completed, int failed, int resumed) {
    return "completed %d, failed %d, resumed %d, in \\d.*".formatted(completed, failed, resumed);
  }

  /** Returns the folders of open runs. */
  List<Path> openRuns() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("jobs.db-holdfast/each"), 2)) {
      return files.filter(file -> file.getFileName().toString().matches("\\d{8}T.*")).toList();
    }
  }

  @Nested
  class Lines {
    @Test
    void become_arguments_and_their_output_is_printed() {
      Cli.Result result = cli.input("a\nb c\n\nd").run("each", "-j", "1", "--", "printf", "<%s>\n");

      assertThat(result.code()).as(result.err()).isZero();
      assertThat(result.out()).isEqualTo("<a>\n<b c>\n<d>\n");
      assertThat(result.err()).matches(summary(3, 0, 0) + "\n");
    }

    @Test
    void fill_placeholders() {
      Cli.Result result =
          cli.input("dir/a.txt\n\ndir/b.txt\n")
              .run("each", "-j1", "echo", "{#}", "{/}", "{.}.md", "--", "{}");

      assertThat(result.out())
          .isEqualTo("1 a.txt dir/a.md -- dir/a.txt\n3 b.txt dir/b.md -- dir/b.txt\n");
    }

    @Test
    void end_with_NUL_if_requested_and_can_be_empty_then() {
      assertThat(cli.input("a\nb\0\0c\0").run("each", "-0", "-j1", "--", "printf", "<%s>").out())
          .isEqualTo("<a\nb><><c>");
    }

    @Test
    void may_come_more_than_once() {
      Cli.Result result = cli.input("a\na\nb\na\n").run("each", "-j1", "echo");

      assertThat(result.out()).isEqualTo("a\na\nb\na\n");
      assertThat(result.err()).matches(summary(4, 0, 0) + "\n");
    }

    @Test
    void that_are_not_text_are_reported_and_the_others_run() {
      Cli.Result result =
          cli.input(new ByteArrayInputStream("a\n\u00ff\nb\n".getBytes(ISO_8859_1)))
              .run("each", "-j1", "echo");

      assertThat(result.code()).isEqualTo(ExitCodes.FAILED);
      assertThat(result.out()).isEqualTo("a\nb\n");
      assertThat(result.err())
          .matches("holdfast: line 2 is not valid UTF-8: not run\n" + summary(2, 1, 0) + "\n");
    }

    @Test
    void that_start_with_a_hyphen_or_an_at_sign_are_data() {
      assertThat(cli.input("@file\n").run("each", "printf", "%s|", "@x", "-n").out())
          .isEqualTo("@x|-n|@file|");
    }

    @Test
    void of_an_empty_input_are_none() {
      Cli.Result result = cli.run("each", "false");

      assertThat(result.code()).isZero();
      assertThat(result.err()).matches(summary(0, 0, 0) + "\n");
    }

    @Test
    void run_while_more_are_to_come() throws Exception {
      try (Pipe pipe = Pipe.in(folder);
          PipedInputStream in = new PipedInputStream();
          OutputStream source = new PipedOutputStream(in)) {
        CompletableFuture<Cli.Result> result =
            Threads.call(
                "test",
                () -> cli.input(in).run("each", "sh", "-c", "echo $1 > " + pipe.path(), "sh"));

        for (String line : List.of("a", "b", "c")) {
          source.write((line + "\n").getBytes(ISO_8859_1));
          source.flush();
          assertThat(pipe.line()).isEqualTo(line);
        }
        source.close();

        assertThat(result.get().err()).matches(summary(3, 0, 0) + "\n");
      }
    }

    @Test
    @Tag("slow")
    void can_be_many() {
      String input =
          String.join("\n", IntStream.rangeClosed(1, 5_000).mapToObj(Integer::toString).toList());

      Cli.Result result = cli.input(input).run("each", "-j8", "echo");

      assertThat(result.err()).matches("(?s).*" + summary(5_000, 0, 0) + "\n");
      assertThat(result.lines()).hasSize(5_000).doesNotHaveDuplicates();
    }
  }

  @Nested
  class Output {
    @Test
    void goes_to_where_the_command_wrote_it_whole_and_unchanged() {
      Cli.Result result =
          cli.input("a\n")
              .run("each", "sh", "-c", "head -c 300000 /dev/zero | tr '\\0' x; echo err >&2");

      assertThat(result.out()).isEqualTo("x".repeat(300_000));
      assertThat(result.err()).startsWith("err\ncompleted 1,");
      assertThat(jobs().get(0).result().orElseThrow())
          .contains("\"truncated\":true")
          .hasSizeLessThan(70_000);
    }

    @Test
    void of_several_is_never_mixed() {
      Cli.Result result =
          cli.input("1\n2\n3\n4\n5\n6\n7\n8\n")
              .run("each", "-j4", "sh", "-c", "for i in 1 2 3 4 5; do echo $1; done", "sh");

      assertThat(result.out()).matches("(?:(\\d\n)\\1{4}){8}");
    }

    @Test
    void goes_to_files_when_asked() throws IOException {
      Path out = folder.resolve("new/out");

      Cli.Result result =
          cli.input("a\nb\na\n")
              .run(
                  "each",
                  "--output-dir",
                  out.toString(),
                  "sh",
                  "-c",
                  "echo out $1; echo err $1 >&2",
                  "sh");

      assertThat(result.out()).isEmpty();
      assertThat(result.err()).matches(summary(3, 0, 0) + "\n");
      try (Stream<Path> files = Files.list(out)) {
        assertThat(files.map(file -> file.getFileName().toString()))
            .containsExactlyInAnyOrder(
                "1-ca978112.out",
                "1-ca978112.err",
                "2-3e23e816.out",
                "2-3e23e816.err",
                "3-ca978112-2.out",
                "3-ca978112-2.err");
      }
      assertThat(out.resolve("2-3e23e816.out")).hasContent("out b");
      assertThat(out.resolve("2-3e23e816.err")).hasContent("err b");
    }

    @Test
    void of_an_attempt_that_is_tried_again_is_not_printed() {
      Path mark = folder.resolve("mark");

      Cli.Result result =
          cli.input("a\n")
              .run(
                  "each",
                  "--retries",
                  "1",
                  "sh",
                  "-c",
                  "echo try; test -e %1$s || { touch %1$s; exit 1; }".formatted(mark));

      assertThat(result.code()).isZero();
      assertThat(result.out()).isEqualTo("try\n");
    }

    @Test
    void waits_in_private_files_and_leaves_none_behind() throws IOException {
      Cli.Result result =
          cli.input("a\n")
              .run(
                  "each",
                  "sh",
                  "-c",
                  "stat -c %a jobs.db-holdfast/each/*/*/spool/* jobs.db-holdfast/each/*/lock jobs.db-holdfast/each/*/*/* | sort | uniq -c"
                      .replace("jobs.db", cli.db().toString()));

      assertThat(result.out()).matches(" +5 600\n +1 700\n");
      try (Stream<Path> files = Files.walk(folder.resolve("jobs.db-holdfast/each"))) {
        assertThat(files.filter(Files::isRegularFile).map(Path::getFileName))
            .containsExactly(Path.of("lock"));
      }
    }
  }

  @Nested
  class Failures {
    @Test
    void make_the_exit_code_1_and_are_reported_with_line_and_reason() {
      Cli.Result result =
          cli.input("0\n3\n").run("each", "-j1", "sh", "-c", "echo no >&2; exit $1", "sh");

      assertThat(result.code()).isEqualTo(ExitCodes.FAILED);
      assertThat(result.err())
          .matches(
              "no\nno\nholdfast: line 2 failed \\(job [-0-9a-f]{36}\\): exit code 3: no\n"
                  + summary(1, 1, 0)
                  + "\n");
    }

    @Test
    void are_retried_as_often_as_asked() {
      cli.input("a\n").run("each", "--retries", "1", "false");

      assertThat(jobs().get(0).attempt()).isEqualTo(2);
      assertThat(jobs().get(0).maxAttempts()).isEqualTo(2);
    }

    @Test
    void to_start_at_all_are_not_retried() {
      Cli.Result result = cli.input("a\n").run("each", "--retries", "5", "no-such-program");

      assertThat(result.err())
          .contains("cannot start 'no-such-program': no such program in PATH")
          .containsPattern(summary(0, 1, 0));
    }

    @Test
    @Tag("R-19")
    void by_timeout_are_failures() {
      Cli.Result result = cli.input("a\n").run("each", "--timeout", "50ms", "sleep", "1000", "{#}");

      assertThat(result.err())
          .contains("it ran longer than its time-out of 50ms")
          .containsPattern(summary(0, 1, 0));
    }
  }

  @Nested
  class A_run {
    @Test
    void that_completed_is_over_and_the_same_command_begins_another() throws IOException {
      for (int i = 0; i < 2; i++) {
        assertThat(cli.input("a\nb\n").run("each", "true").err()).matches(summary(2, 0, 0) + "\n");
      }

      assertThat(jobs()).hasSize(4);
      assertThat(jobs().stream().map(Job::group).distinct()).hasSize(2);
      assertThat(openRuns()).isEmpty();
    }

    @Test
    void with_failures_is_continued_with_these_alone() {
      Path mark = folder.resolve("mark");
      String[] command = {"each", "sh", "-c", "echo $1; test $1 != b || test -e " + mark, "sh"};
      cli.input("a\nb\nc\n").run(command);
      Cli.Result again = cli.input("a\nb\nc\n").run(command);
      assertThat(again.code()).isEqualTo(ExitCodes.FAILED);
      assertThat(again.out()).isEqualTo("b\n");
      assertThat(again.err())
          .matches(
              "(?s)holdfast: continues the run each-\\S+ \\(--fresh begins a new"
                  + " one\\)\n.*holdfast: 2 items had completed before and did not run again\n"
                  + summary(0, 1, 1)
                  + "\n");

      touch(mark);
      Cli.Result last = cli.input("a\nb\nc\n").run(command);

      assertThat(last.code()).isZero();
      assertThat(last.out()).isEqualTo("b\n");
      assertThat(last.lastMessage()).matches(summary(1, 0, 1));
      assertThat(jobs()).hasSize(3).allMatch(job -> job.state() == JobState.COMPLETED);
      assertThat(cli.input("a\n").run(command).out()).as("a new run").isEqualTo("a\n");
    }

    @Test
    void adds_new_lines_and_ignores_absent_ones() {
      Path mark = folder.resolve("mark");
      String[] command = {"each", "-j1", "sh", "-c", "echo $1; test -e " + mark, "sh"};
      cli.input("a\nb\n").run(command);
      touch(mark);

      Cli.Result result = cli.input("c\na\nd\n").run(command);

      assertThat(result.code()).isZero();
      assertThat(result.lines()).containsExactlyInAnyOrder("a", "c", "d");
      assertThat(result.err())
          .contains("holdfast: 1 unfinished item of the run not in this input: not run");
      assertThat(result.lastMessage()).matches(summary(3, 0, 1));
      assertThat(cli.input("b\n").run(command).lastMessage()).matches(summary(1, 0, 1));
    }

    @Test
    void counts_occurrences_of_a_line() {
      Path mark = folder.resolve("mark");
      String[] command = {"each", "-j1", "sh", "-c", "echo $1; test -e " + mark, "sh"};
      cli.input("a\na\n").run(command);
      touch(mark);

      assertThat(cli.input("a\na\na\n").run(command).lastMessage()).matches(summary(3, 0, 2));
    }

    @Test
    void begins_again_if_requested() {
      String[] command = {"each", "--fresh", "false"};
      cli.input("a\n").run(command);

      assertThat(cli.input("a\n").run(command).lastMessage()).matches(summary(0, 1, 0));
      assertThat(jobs()).hasSize(2);
    }

    @Test
    void has_its_own_state_for_each_name_and_command() {
      cli.input("a\n").run("each", "--name", "a", "false");
      cli.input("a\n").run("each", "--name", "a-2b", "false");

      assertThat(cli.input("a\n").run("each", "--name", "b", "false").lastMessage())
          .matches(summary(0, 1, 0));
      assertThat(cli.input("a\n").run("each", "false", "{}").lastMessage())
          .matches(summary(0, 1, 0));
      Cli.Result other = cli.input("a\n").run("each", "--name", "a", "true");
      assertThat(other.err())
          .contains(
              "the run was begun with another command: its unfinished items run with that one");
      assertThat(other.lastMessage()).matches(summary(0, 1, 1));
    }

    @Test
    void is_continued_without_its_folder_too() throws IOException {
      cli.input("a\nb\n").run("each", "--name", "x", "test", "b", "=");
      for (Path run : openRuns()) {
        try (Stream<Path> files = Files.walk(run)) {
          files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        }
      }

      assertThat(cli.input("a\nb\n").run("each", "--name", "x", "test", "b", "=").lastMessage())
          .matches(summary(0, 1, 1));
    }

    @Test
    void ends_when_somebody_cancels_what_it_waits_for() throws Exception {
      try (Pipe pipe = Pipe.in(folder)) {
        CompletableFuture<Cli.Result> result =
            Threads.call(
                "test",
                () ->
                    cli.input("a\n")
                        .run(
                            "each",
                            "sh",
                            "-c",
                            "echo $HOLDFAST_JOB > %s; sleep 1000".formatted(pipe.path())));
        String id = pipe.line();

        assertThat(new Cli(folder).run("cancel", id).code()).isZero();

        assertThat(result.get().code()).isEqualTo(ExitCodes.FAILED);
        assertThat(result.get().err())
            .contains("holdfast: 1 item was cancelled or held\n")
            .containsPattern(summary(0, 0, 0));
      }
    }

    @Test
    void first_prints_what_another_worker_ran_for_it() throws IOException {
      Path mark = folder.resolve("mark");
      String[] command = {"each", "--name", "x", "sh", "-c", "echo $1; test -e " + mark, "sh"};
      cli.input("a\nb\n").run(command);
      touch(mark);
      cli.run("retry", "--state", "failed");
      assertThat(cli.run("work", "--until-empty").code()).isZero();

      Cli.Result result = cli.input("c\na\nb\n").run(command);

      assertThat(result.lines().subList(0, 2)).containsExactlyInAnyOrder("a", "b");
      assertThat(result.lines()).hasSize(3).last().isEqualTo("c");
      assertThat(result.lastMessage()).matches(summary(1, 0, 0));
      assertThat(openRuns()).isEmpty();
    }

    @Test
    void ends_with_its_items_in_the_history_of_their_jobs() {
      cli.input("a\n").run("each", "true");
      JobId id = jobs().get(0).id();

      assertThat(cli.run("show", id.toString(), "--events").out())
          .contains("created by      each\n", "PENDING, attempt 0, by each, enqueued");
    }
  }

  private static void touch(Path file) {
    try {
      Files.createFile(file);
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }
}
