package dev.holdfast.handlers.exec;

import dev.holdfast.JobId;
import dev.holdfast.spi.TimeSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running program with everything that it started.
 *
 * <p>If {@code setsid} exists, the program leads a session of its own: as our child it leads no
 * group, so {@code setsid} becomes the program without a process in between, and its process id is
 * that of its session and group. To end it: TERM to the group, 5 s, KILL – and then to all other
 * processes of the session, or with the job's id in their environment. The end of the leader alone
 * proves nothing.
 */
final class Command {
  private static final Logger log = LoggerFactory.getLogger(Command.class);

  /** The time for processes to end after TERM. */
  static final Duration TERM_GRACE = Duration.ofSeconds(5);

  /** The time for KILL to take effect, for a process in an uninterruptible call. */
  private static final Duration KILL_MAX = Duration.ofSeconds(2);

  private static final long LOOK_MILLIS = 10;

  /** A latch that never opens, for timed waits. */
  private static final CountDownLatch NEVER = new CountDownLatch(1);

  private static final Optional<Path> SETSID =
      Programs.find("setsid", System.getenv().getOrDefault("PATH", "/usr/bin:/bin"), Path.of("/"));

  private final Process leader;
  private final JobId job;
  private final TimeSource time;

  private Command(Process leader, JobId job, TimeSource time) {
    this.leader = leader;
    this.job = job;
    this.time = time;
  }

  /** Returns the command line that starts {@code argv} in a session of its own. */
  static List<String> inOwnSession(List<String> argv) {
    if (SETSID.isEmpty()) {
      return argv;
    }
    List<String> line = new ArrayList<>(argv.size() + 1);
    line.add(SETSID.get().toString());
    line.addAll(argv);
    return line;
  }

  /** Starts the program of the builder. */
  static Command start(ProcessBuilder builder, JobId job, long token, TimeSource time)
      throws IOException {
    builder.environment().put(Processes.JOB, job.toString());
    builder.environment().put(Processes.TOKEN, Long.toString(token));
    return new Command(builder.start(), job, time);
  }

  /**
   * Waits for the program and returns its exit code; processes that it left in the background
   * continue.
   */
  int await() throws InterruptedException {
    return leader.waitFor();
  }

  /** Ends the program and everything that it started; waits after TERM unless interrupted. */
  void end() {
    signal(Signal.TERM);
    boolean isGone;
    try {
      isGone = awaitGone(TERM_GRACE);
    } catch (InterruptedException hurry) {
      isGone = false;
    }
    if (!isGone) {
      kill();
    }
  }

  /** Kills the program and everything that it started at once. */
  void kill() {
    signal(Signal.KILL);
    killAll(job, this::members, time);
  }

  /** Ends processes that earlier attempts of a job left running, when their worker was killed. */
  static void endEarlier(JobId job, long token, TimeSource time) {
    if (!Processes.before(job, token).isEmpty()) {
      log.atInfo().addKeyValue("job", job).log("Processes of an earlier attempt are killed.");
      killAll(job, () -> Processes.before(job, token), time);
    }
  }

  /** Kills until none is found, as new processes may be started meanwhile. */
  private static void killAll(JobId job, Supplier<List<ProcessHandle>> search, TimeSource time) {
    long deadline = time.ticks() + KILL_MAX.toNanos();
    List<ProcessHandle> left = search.get();
    while (!left.isEmpty()) {
      left.forEach(ProcessHandle::destroyForcibly);
      if (time.ticks() - deadline >= 0) {
        log.atError()
            .addKeyValue("job", job)
            .log("Processes {} have not ended.", left.stream().map(ProcessHandle::pid).toList());
        return;
      }
      pause();
      left = search.get();
    }
  }

  private boolean awaitGone(Duration limit) throws InterruptedException {
    long deadline = time.ticks() + limit.toNanos();
    if (!leader.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS)) {
      return false;
    }
    while (!members().isEmpty()) {
      if (time.ticks() - deadline >= 0 || NEVER.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        return false;
      }
    }
    return true;
  }

  private List<ProcessHandle> members() {
    if (SETSID.isPresent()) {
      return Processes.of(leader.pid(), job);
    }
    return Stream.concat(Stream.of(leader.toHandle()), leader.descendants())
        .filter(ProcessHandle::isAlive)
        .toList();
  }

  /**
   * Signals the whole group in one call, so that no process can escape by starting another; then
   * those that left the group.
   */
  private void signal(Signal signal) {
    boolean isSent = SETSID.isPresent() && leader.isAlive() && signalGroup(signal);
    for (ProcessHandle member : members()) {
      if (!isSent || !Processes.isInGroup(member, leader.pid())) {
        signal.send(member);
      }
    }
    if (!isSent && leader.isAlive()) {
      signal.send(leader.toHandle()); // it has not reached its own session yet
    }
  }

  /** Signals the group. Returns whether it exists. */
  private boolean signalGroup(Signal signal) {
    String group = Long.toString(leader.pid());
    try {
      return new ProcessBuilder(
                  "/bin/sh", "-c", "kill -s \"$1\" -- \"-$2\"", "sh", signal.name(), group)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
      return false;
    } catch (IOException noShell) {
      return false;
    }
  }

  private enum Signal {
    TERM,
    KILL;

    void send(ProcessHandle process) {
      if (this == KILL) {
        process.destroyForcibly();
      } else {
        process.destroy();
      }
    }
  }

  /** Pauses without interruption: the killing must be finished. */
  private static void pause() {
    boolean isInterrupted = Thread.interrupted();
    try {
      if (NEVER.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("nobody counts that down: a bug");
      }
    } catch (InterruptedException later) {
      isInterrupted = true;
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
