package dev.holdfast.handlers.exec;

import static java.util.Objects.requireNonNull;

import dev.holdfast.Failure;
import dev.holdfast.JobContext;
import dev.holdfast.JobHandler;
import dev.holdfast.JobId;
import dev.holdfast.Outcome;
import dev.holdfast.RecoveryPolicy;
import dev.holdfast.TraceContext;
import dev.holdfast.spi.TimeSource;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Runs commands. An exit code other than 0 fails the attempt, and the failure keeps the end of the
 * output; a program that cannot be started fails the job. When the attempt is to end, the command
 * is ended with everything that it started, before it can be started again.
 */
public final class ExecHandler implements JobHandler<ExecPayload> {
  /** The type of such jobs. */
  public static final String TYPE = "exec";

  private static final File NOTHING = new File("/dev/null");

  /** System errors that are temporary: out of memory, processes or open files. */
  private static final Pattern PASSING = Pattern.compile("error=(11|12|23|24)\\b");

  private final Spools spools;
  private final AllowedPrograms allowed;
  private final TimeSource time;
  private final Set<Run> runs = ConcurrentHashMap.newKeySet();

  /**
   * The lock for starting commands: many at once under the read lock, none under the write lock.
   */
  private final ReadWriteLock starts = new ReentrantReadWriteLock();

  private boolean isStopped; // guarded by starts

  /** Creates a handler; output goes to {@code spools}. */
  public ExecHandler(Spools spools, AllowedPrograms allowed, TimeSource time) {
    this.spools = spools;
    this.allowed = allowed;
    this.time = time;
  }

  /**
   * A running command.
   *
   * @param job its job
   * @param since its run time
   */
  public record Running(JobId job, Duration since) {}

  private record Run(JobId job, Command command, Thread thread, long startedTicks) {}

  @Override
  public @Nullable Object run(ExecPayload payload, JobContext job)
      throws IOException, InterruptedException {
    try (Spool spool = spools.open(job)) {
      ProcessBuilder builder = new ProcessBuilder();
      Optional<String> mistake = prepare(builder, payload, job);
      if (mistake.isPresent()) {
        return Outcome.notRetryable(mistake.get());
      }
      builder.redirectOutput(ProcessBuilder.Redirect.appendTo(spool.out().toFile()));
      builder.redirectError(ProcessBuilder.Redirect.appendTo(spool.err().toFile()));
      builder.redirectInput(payload.stdin() == null ? NOTHING : spool.in(payload.stdin()).toFile());
      if (job.token() > 1) {
        Command.endEarlier(job.id(), job.token(), time);
      }
      return run(builder, job, spool);
    }
  }

  private Object run(ProcessBuilder builder, JobContext job, Spool spool)
      throws IOException, InterruptedException {
    Run run;
    starts.readLock().lock();
    try {
      if (isStopped) {
        return released();
      }
      Command command = Command.start(builder, job.id(), job.token(), time);
      run = new Run(job.id(), command, Thread.currentThread(), time.ticks());
      runs.add(run);
    } catch (IOException failure) {
      return cannotStart(builder, failure);
    } finally {
      starts.readLock().unlock();
    }
    try {
      return ended(run.command().await(), spool);
    } catch (InterruptedException asked) {
      run.command().end();
      return job.isCancelled() ? failed("its command was ended", Printed.read(spool)) : released();
    } finally {
      runs.remove(run);
    }
  }

  private static Outcome released() {
    return new Outcome.Interrupted(RecoveryPolicy.RESUME, "its command was ended with its node");
  }

  /** Fills the builder. Returns what is wrong with the payload, if anything. */
  private Optional<String> prepare(ProcessBuilder builder, ExecPayload payload, JobContext job) {
    List<@Nullable String> argv = payload.argv();
    if (argv == null || argv.isEmpty() || argv.stream().anyMatch(Objects::isNull)) {
      return Optional.of(
          "the payload of a job of type 'exec' names no program: expected {\"argv\": [\"program\", \"argument\", …]}");
    }
    String program = requireNonNull(argv.get(0));
    Optional<String> objection = allowed.objection(program, payload);
    if (objection.isPresent()) {
      return objection;
    }
    Path folder;
    try {
      folder = Path.of(payload.cwd() == null ? "" : payload.cwd()).toAbsolutePath();
    } catch (InvalidPathException malformed) {
      return Optional.of("the folder '%s' is not a path".formatted(payload.cwd()));
    }
    if (payload.cwd() != null) {
      if (!Files.isDirectory(folder)) {
        return Optional.of(
            "cannot run in the folder '%s': there is none, or no access to it; create it and retry the job"
                .formatted(folder));
      }
      builder.directory(folder.toFile());
    }
    Map<String, String> environment = builder.environment();
    trace(environment, job);
    if (payload.env() != null) {
      payload.env().forEach((name, value) -> set(environment, name, value));
    }
    String path = environment.getOrDefault("PATH", "/usr/bin:/bin");
    Path start = allowed.areAll() ? folder : Path.of("").toAbsolutePath();
    Optional<Path> file = Programs.find(program, path, start);
    if (file.isEmpty()) {
      return Optional.of(notFound(program, path, start));
    }
    List<String> line = new ArrayList<>();
    argv.forEach(part -> line.add(requireNonNull(part)));
    if (!allowed.areAll()) {
      line.set(
          0, file.get().toString()); // not a program of that name in a folder chosen by the job
    }
    builder.command(Command.inOwnSession(line));
    return Optional.empty();
  }

  /** Sets the standard variables of the trace. The worker itself may belong to another trace. */
  private static void trace(Map<String, String> environment, JobContext job) {
    environment.remove(variable(TraceContext.TRACEPARENT));
    environment.remove(variable(TraceContext.TRACESTATE));
    job.trace()
        .ifPresent(
            trace ->
                trace.fields().forEach((name, value) -> environment.put(variable(name), value)));
  }

  private static String variable(String field) {
    return field.toUpperCase(Locale.ROOT);
  }

  private static void set(Map<String, String> environment, String name, @Nullable String value) {
    if (value == null) {
      environment.remove(name);
    } else {
      environment.put(name, value);
    }
  }

  private static String notFound(String program, String path, Path folder) {
    if (program.indexOf(File.separatorChar) < 0) {
      return "cannot start '%s': no such program in PATH (%s); install it or give its path, and retry the job"
          .formatted(program, path);
    }
    Path file = folder.resolve(program);
    return Files.exists(file)
        ? "cannot start '%s': it is not an executable file; chmod +x it and retry the job"
            .formatted(file)
        : "cannot start '%s': there is no such file; create it or correct the path, and retry the job"
            .formatted(file);
  }

  private static Object cannotStart(ProcessBuilder builder, IOException failure) {
    String reason = String.valueOf(failure.getMessage());
    String message = "cannot start %s: %s".formatted(builder.command(), reason);
    return PASSING.matcher(reason).find()
        ? new Outcome.Failed(Failure.of(Failure.Kind.ERROR, message))
        : Outcome.notRetryable(message);
  }

  private static Object ended(int exitCode, Spool spool) throws IOException {
    Printed printed = Printed.read(spool);
    if (exitCode == 0) {
      return new ExecResult(
          exitCode,
          printed.out().text(),
          printed.err().text(),
          printed.out().isCut() || printed.err().isCut());
    }
    String last = printed.lastLine();
    if (exitCode >= 126 && last.startsWith("setsid: ")) {
      return Outcome.notRetryable("cannot start the program: " + last.substring(8));
    }
    return failed("exit code " + exitCode + (last.isEmpty() ? "" : ": " + last), printed);
  }

  private static Outcome failed(String message, Printed printed) {
    return new Outcome.Failed(new Failure(Failure.Kind.ERROR, message, printed.trace()));
  }

  /** Returns the running commands. Waits for commands that are being started, and includes them. */
  public List<Running> running() {
    starts.writeLock().lock();
    try {
      return runs.stream()
          .map(run -> new Running(run.job(), Duration.ofNanos(time.ticks() - run.startedTicks())))
          .toList();
    } finally {
      starts.writeLock().unlock();
    }
  }

  /**
   * Ends all commands and starts no more: their jobs are given back without being charged an
   * attempt.
   */
  public void stop() {
    startNoMore();
    runs.forEach(run -> run.thread().interrupt());
  }

  /** Kills all commands at once and starts no more, for a process that is about to exit. */
  public void kill() {
    startNoMore();
    runs.forEach(run -> run.command().kill());
  }

  private void startNoMore() {
    starts.writeLock().lock();
    try {
      isStopped = true;
    } finally {
      starts.writeLock().unlock();
    }
  }
}
