package dev.holdfast.handlers.exec;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.holdfast.Failure;
import dev.holdfast.Outcome;
import dev.holdfast.TraceContext;
import dev.holdfast.check.Limits;
import dev.holdfast.handlers.Attempt;
import dev.holdfast.spi.SystemTime;
import dev.holdfast.test.time.MovableTime;
import dev.holdfast.testkit.process.Alive;
import dev.holdfast.testkit.process.Pipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("R-24")
class ExecHandlerTest {
  @TempDir Path folder;
  Path spool = Path.of("");
  ExecHandler handler =
      new ExecHandler(
          job -> Spool.brief(spool, job.id(), job.token()),
          AllowedPrograms.all(),
          new SystemTime());
  @Nullable Pipe opened;

  @BeforeEach
  void makeFolderAndPipe() throws Exception {
    spool = Files.createDirectory(folder.resolve("spool"));
    opened = Pipe.in(folder);
  }

  @AfterEach
  void closePipe() throws IOException {
    pipe().close();
  }

  Pipe pipe() {
    return requireNonNull(opened);
  }

  ExecPayload shell(String script) {
    return new ExecPayload(List.of("sh", "-c", script), folder.toString(), null, null);
  }

  Object run(ExecPayload payload) throws Exception {
    return requireNonNull(handler.run(payload, Attempt.first()));
  }

  ExecResult result(ExecPayload payload) throws Exception {
    return (ExecResult) run(payload);
  }

  Failure failure(ExecPayload payload) throws Exception {
    return ((Outcome.Failed) run(payload)).failure();
  }

  Failure refusal(ExecPayload payload) throws Exception {
    return ((Outcome.GaveUp) run(payload)).failure();
  }

  @Nested
  class A_command_that_ends_well {
    @Test
    void has_its_output_as_the_result() throws Exception {
      ExecResult result = result(shell("echo out; echo err >&2"));

      assertThat(result).isEqualTo(new ExecResult(0, "out\n", "err\n", false));
    }

    @Test
    void gets_its_arguments_as_they_are() throws Exception {
      List<String> argv = List.of("printf", "%s|", "a b", "", "$HOME", "*", "'\"", "größe", "-n");

      ExecResult result = result(new ExecPayload(List.copyOf(argv), null, null, null));

      assertThat(result.stdout()).isEqualTo("a b||$HOME|*|'\"|größe|-n|");
    }

    @Test
    @Tag("R-42")
    void finds_the_trace_of_its_job_in_its_environment() throws Exception {
      String parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
      TraceContext trace = new TraceContext(parent, Optional.of("vendor=x"));
      String script = "echo ${TRACEPARENT-none} ${TRACESTATE-none}";

      Object traced = handler.run(shell(script), Attempt.first().in(trace));

      assertThat(((ExecResult) requireNonNull(traced)).stdout()).isEqualTo(parent + " vendor=x\n");
      assertThat(result(shell(script)).stdout()).isEqualTo("none none\n");
    }

    @Test
    void reads_its_input_and_environment_in_its_folder() throws Exception {
      ExecPayload payload =
          new ExecPayload(
              List.of("sh", "-c", "pwd; echo $GREETING; cat"),
              folder.toString(),
              Map.of("GREETING", "hello"),
              "from stdin");

      assertThat(result(payload).stdout()).isEqualTo(folder.toRealPath() + "\nhello\nfrom stdin");
    }

    @Test
    void reads_nothing_without_an_input() throws Exception {
      assertThat(result(shell("cat")).stdout()).isEmpty();
    }

    @Test
    void knows_its_job_and_token() throws Exception {
      Attempt attempt = Attempt.first();

      Object result = handler.run(shell("echo $HOLDFAST_JOB $HOLDFAST_TOKEN"), attempt);

      assertThat(result)
          .asInstanceOf(type(ExecResult.class))
          .extracting(ExecResult::stdout)
          .isEqualTo(attempt.id() + " 1\n");
    }

    @Test
    void keeps_the_last_64_KiB_of_its_output_from_a_whole_character_on() throws Exception {
      ExecResult result =
          result(
              shell("head -c 100001 /dev/zero | tr '\\0' x; printf 'ü%.0s' $(seq 32760); echo ab"));

      assertThat(result.truncated()).isTrue();
      assertThat(result.stdout()).startsWith("x").endsWith("üab\n").doesNotContain("\ufffd");
      assertThat(result(shell("printf a; printf 'ü%.0s' $(seq 32768); printf a")).stdout())
          .startsWith("ü")
          .doesNotContain("\ufffd")
          .hasSize(32768);
    }

    @Test
    void leaves_no_files_behind() throws Exception {
      result(shell("echo out"));

      try (Stream<Path> files = Files.list(spool)) {
        assertThat(files).isEmpty();
      }
    }

    @Test
    void writes_files_that_only_their_owner_can_read() throws Exception {
      assertThat(result(shell("stat -c %a spool/*")).stdout()).isEqualTo("600\n600\n");
      assertThat(Files.getPosixFilePermissions(folder))
          .isNotEqualTo(PosixFilePermissions.fromString("---------"));
    }
  }

  @Nested
  class A_command_that_fails {
    @Test
    void fails_the_attempt_with_its_exit_code_and_last_message() throws Exception {
      Failure failure = failure(shell("echo first >&2; echo last >&2; exit 3"));

      assertThat(failure)
          .isEqualTo(new Failure(Failure.Kind.ERROR, "exit code 3: last", "first\nlast\n"));
    }

    @Test
    @Tag("R-73")
    void keeps_the_end_of_its_output_and_messages() throws Exception {
      Failure both = failure(shell("echo out; echo err >&2; exit 3"));
      Failure silent = failure(shell("echo checked; echo 2 of 3 are wrong; exit 2"));
      Failure much = failure(shell("yes out | head -n 50000; yes err | head -n 50000 >&2; exit 1"));

      assertThat(both.trace()).isEqualTo("stderr:\nerr\nstdout:\nout\n");
      assertThat(both.message()).isEqualTo("exit code 3: err");
      assertThat(silent.message()).isEqualTo("exit code 2: 2 of 3 are wrong");
      assertThat(silent.trace()).isEqualTo("stdout:\nchecked\n2 of 3 are wrong\n");
      assertThat(much.trace())
          .hasSizeGreaterThan(31_000)
          .hasSizeLessThanOrEqualTo(Limits.FAILURE_TRACE_CHARS_MAX)
          .contains("err\nstdout:\n")
          .endsWith("out\nout\n");
    }

    @Test
    void is_refused_for_good_when_there_is_no_such_program() throws Exception {
      Failure byName = refusal(ExecPayload.of(List.of("no-such-program"), folder.toString()));
      Failure byPath = refusal(ExecPayload.of(List.of("./no-such-program"), folder.toString()));

      assertThat(byName.kind()).isEqualTo(Failure.Kind.NOT_RETRYABLE);
      assertThat(byName.message())
          .startsWith("cannot start 'no-such-program': no such program in PATH (");
      assertThat(byPath.message())
          .isEqualTo(
              "cannot start '%s/./no-such-program': there is no such file; create it or correct the path, and retry the job"
                  .formatted(folder));
    }

    @Test
    void is_refused_for_good_when_the_file_is_no_program() throws Exception {
      Files.writeString(folder.resolve("text"), "text");

      assertThat(refusal(ExecPayload.of(List.of("./text"), folder.toString())).message())
          .contains("it is not an executable file; chmod +x");
    }

    @Test
    void is_refused_for_good_when_its_interpreter_is_missing() throws Exception {
      Path script = Files.writeString(folder.resolve("script"), "#!/no/such/interpreter\n");
      Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));

      assertThat(refusal(ExecPayload.of(List.of("./script"), folder.toString())).message())
          .startsWith("cannot start the program: ")
          .contains("No such file");
    }

    @Test
    void is_refused_for_good_when_its_folder_is_missing() throws Exception {
      assertThat(refusal(ExecPayload.of(List.of("true"), folder + "/none")).message())
          .isEqualTo(
              "cannot run in the folder '%s/none': there is none, or no access to it; create it and retry the job"
                  .formatted(folder));
    }

    @Test
    void is_refused_for_good_without_a_program() throws Exception {
      assertThat(refusal(new ExecPayload(null, null, null, null)).message())
          .contains("names no program");
      assertThat(refusal(new ExecPayload(List.of(), null, null, null)).message())
          .contains("names no program");
    }
  }

  /** A job may choose the folder, so a name that is looked up there is the job's own program. */
  @Nested
  class Where_only_some_programs_may_run {
    Object run(String allowed, List<String> argv) throws Exception {
      ExecHandler strict =
          new ExecHandler(
              job -> Spool.brief(spool, job.id(), job.token()),
              AllowedPrograms.of(List.of(allowed)),
              new SystemTime());
      ExecPayload payload = new ExecPayload(List.copyOf(argv), folder.toString(), null, null);
      return requireNonNull(strict.run(payload, Attempt.first()));
    }

    void program(Path file) throws IOException {
      Files.createDirectories(requireNonNull(file.getParent()));
      Files.writeString(file, "#!/bin/sh\necho the program of the job\n");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void a_relative_path_starts_from_the_folder_of_the_worker() throws Exception {
      program(folder.resolve("bin/tool"));

      for (String path : List.of("bin/tool", "./bin/tool", "bin/../bin/tool")) {
        Object end = run(path, List.of(path));

        assertThat(((Outcome.GaveUp) end).failure().message())
            .startsWith("cannot start '%s".formatted(Path.of("").toAbsolutePath()))
            .contains("there is no such file");
      }
    }

    @Test
    void a_name_is_looked_for_in_PATH_and_not_in_the_folder_of_the_job() throws Exception {
      program(folder.resolve("pwd"));

      Object end = run("pwd", List.of("pwd"));

      assertThat(((ExecResult) end).stdout()).isEqualTo(folder.toRealPath() + "\n");
    }
  }

  /** The script reports the process ids of all that it starts through the pipe. */
  @Nested
  class A_command_that_is_interrupted {
    final CompletableFuture<Thread> thread = new CompletableFuture<>();

    Future<Object> start(Attempt attempt, String script) {
      FutureTask<Object> end =
          new FutureTask<>(
              () -> {
                thread.complete(Thread.currentThread());
                try {
                  return requireNonNull(handler.run(shell(script), attempt));
                } finally {
                  pipe().write("the handler has ended");
                }
              });
      new Thread(end, "handler").start();
      return end;
    }

    List<Long> pids(int number) throws IOException {
      List<Long> pids = new ArrayList<>();
      for (int i = 0; i < number; i++) {
        pids.add(pipe().number());
      }
      return pids;
    }

    void interruptAndExpectNoneOf(String script, int processes) throws Exception {
      Attempt attempt = Attempt.first();
      Future<Object> end = start(attempt, script);
      List<Long> pids = pids(processes);
      assertThat(pids).allMatch(Alive::isAlive);

      attempt.cancel(thread.get());

      assertThat(end.get()).isInstanceOf(Outcome.Failed.class);
      assertThat(pids).noneMatch(Alive::isAlive);
    }

    @Test
    void ends_with_its_children_in_the_background() throws Exception {
      interruptAndExpectNoneOf(
          "sleep 1000 & echo $! > pipe; (sleep 1000 & echo $! > pipe; wait) & echo $$ > pipe; wait",
          3);
    }

    @Test
    void ends_when_it_ignores_TERM() throws Exception {
      interruptAndExpectNoneOf(
          "trap '' TERM; sleep 1000 & echo $! > pipe; echo $$ > pipe; wait; wait", 2);
    }

    @Test
    void ends_with_a_grandchild_that_left_the_session() throws Exception {
      interruptAndExpectNoneOf(
          "setsid sh -c 'echo $$ > pipe; exec sleep 1000' & echo $$ > pipe; wait", 2);
    }

    @Test
    void ends_with_what_an_ended_leader_left_in_another_session() throws Exception {
      interruptAndExpectNoneOf(
          "(setsid sh -c 'trap \"\" TERM; echo $$ > pipe; sleep 1000' &) ; echo $$ > pipe; exec"
              + " sleep 1000",
          2);
    }

    @Test
    void has_time_to_end_by_itself() throws Exception {
      Attempt attempt = Attempt.first();
      Future<Object> end =
          start(
              attempt,
              "trap 'echo cleaned > result; exit 0' TERM; echo begun; echo $$ > pipe; sleep 1000 &"
                  + " wait");
      pids(1);

      attempt.cancel(thread.get());

      assertThat(((Outcome.Failed) end.get()).failure().trace()).isEqualTo("stdout:\nbegun\n");
      assertThat(folder.resolve("result")).hasContent("cleaned");
    }

    @Test
    void gives_its_job_back_when_all_commands_are_stopped() throws Exception {
      Future<Object> end = start(Attempt.first(), "echo $$ > pipe; exec sleep 1000");
      long pid = pipe().number();
      assertThat(handler.running()).hasSize(1);

      handler.stop();

      assertThat(end.get()).isInstanceOf(Outcome.Interrupted.class);
      assertThat(Alive.isAlive(pid)).isFalse();
      assertThat(handler.running()).isEmpty();
      assertThat(run(shell("echo x > started"))).isInstanceOf(Outcome.Interrupted.class);
      assertThat(folder.resolve("started")).doesNotExist();
    }

    @Test
    void is_killed_when_all_commands_are() throws Exception {
      Future<Object> end =
          start(Attempt.first(), "trap '' TERM; sleep 1000 & echo $! > pipe; echo $$ > pipe; wait");
      List<Long> pids = pids(2);

      handler.kill();

      assertThat(pids).noneMatch(Alive::isAlive);
      assertThat(end.get())
          .asInstanceOf(type(Outcome.Failed.class))
          .extracting(failed -> failed.failure().message())
          .isEqualTo("exit code 137");
    }
  }

  /** Processes that a killed worker's command left behind, in every way that they can hide. */
  @Nested
  class A_later_attempt {
    final List<Process> left = new ArrayList<>();

    @AfterEach
    void endWhatIsLeft() {
      left.forEach(Process::destroyForcibly);
    }

    long leave(Attempt attempt, String script) throws Exception {
      ProcessBuilder builder = new ProcessBuilder("sh", "-c", script).directory(folder.toFile());
      builder.environment().put("HOLDFAST_JOB", attempt.id().toString());
      builder.environment().put("HOLDFAST_TOKEN", Long.toString(attempt.token()));
      left.add(builder.start());
      return pipe().number();
    }

    @Test
    void first_ends_what_earlier_ones_left_running() throws Exception {
      Attempt earlier = Attempt.first();
      long orphan =
          leave(earlier, "trap '' TERM; (setsid sh -c 'echo $$ > pipe; exec sleep 1000' &)");

      String isGone = "test ! -e /proc/%1$d || grep -q ') Z' /proc/%1$d/stat".formatted(orphan);
      Object result = handler.run(shell(isGone), earlier.next());

      assertThat(result).isInstanceOf(ExecResult.class);
    }

    @Test
    void leaves_later_ones_and_other_jobs_alone() throws Exception {
      Attempt attempt = Attempt.first().next();
      long later = leave(attempt.next(), "echo $$ > pipe; exec sleep 1000");
      long other = leave(Attempt.first(), "echo $$ > pipe; exec sleep 1000");

      handler.run(shell("true"), attempt);

      assertThat(List.of(later, other)).allMatch(Alive::isAlive);
    }

    @Test
    void need_not_come_for_an_attempt_that_was_ended_in_its_workers_place() throws Exception {
      Attempt attempt = Attempt.first().next();
      long orphan = leave(attempt, "trap '' TERM; echo $$ > pipe; exec sleep 1000");
      long ended = leave(attempt.next(), "echo $$ > pipe; exec sleep 1000");
      long foreign = leave(Attempt.first(), "echo $$ > pipe; exec sleep 1000");
      MovableTime time = new MovableTime();
      OrphanedCommands duty =
          new OrphanedCommands(
              job ->
                  job.equals(attempt.id())
                      ? OptionalLong.of(attempt.token() + 1)
                      : OptionalLong.empty(),
              time);

      duty.run();
      assertThat(Alive.isAlive(orphan)).isTrue();
      time.advance(Duration.ofSeconds(16));
      duty.run();

      assertThat(Alive.isAlive(orphan)).isFalse();
      assertThat(List.of(ended, foreign)).allMatch(Alive::isAlive);
    }
  }
}
