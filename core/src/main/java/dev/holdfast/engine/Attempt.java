package dev.holdfast.engine;

import static java.util.Objects.requireNonNull;

import dev.holdfast.Failure;
import dev.holdfast.JobId;
import dev.holdfast.Outcome;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.HandlerOutput;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.StepWait;
import dev.holdfast.spi.Transition;
import dev.holdfast.step.JobSuspended;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.event.Level;

/**
 * One attempt of one job, from its claim to its acknowledgement. It waits, runs, and has ended; it
 * ends exactly once, by its handler's return or by being abandoned.
 */
final class Attempt {
  private static final Logger log = LoggerFactory.getLogger(Attempt.class);

  /** The store alone knows whether it was; the history tells. */
  private static final String BY_TRANSACTION = "complete, if its own transaction was committed";

  private static final String NOT_BY_TRANSACTION = ", unless its own transaction was committed";
  private static final Optional<String> NO_DETAILS = Optional.empty();

  private enum Phase {
    WAITING,
    RUNNING,
    ENDED
  }

  private final Claimed job;
  private final int claimedAfterGaps;
  private final NodeServices services;
  private final long claimedTicks;
  private final OutputBuffer output;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<Runnable> onStop = new ArrayList<>(); // guarded by lock, like the next
  private Phase phase = Phase.WAITING;
  private long startedTicks;
  private long stoppedTicks;
  private @Nullable Thread thread;
  private volatile @Nullable Stop stop; // written under lock
  private volatile @Nullable StepWait suspension; // written under lock
  private volatile boolean isCompletedInTransaction;

  /**
   * @param claimedAfterGaps the {@linkplain LeaseTrust#gaps gaps} before the claim was sent
   */
  Attempt(Claimed job, int claimedAfterGaps, NodeServices services) {
    this.job = job;
    this.claimedAfterGaps = claimedAfterGaps;
    this.services = services;
    this.claimedTicks = services.time().ticks();
    this.output = new OutputBuffer(job.lease(), services.time());
  }

  Claimed job() {
    return job;
  }

  Lease lease() {
    return job.lease();
  }

  JobId id() {
    return job.lease().job();
  }

  /** Returns the number of this attempt of its job, from 1. */
  int number() {
    return job.lease().attempt();
  }

  /** Returns the same in every run of a simulation, so that hash maps keep the same order. */
  @Override
  public int hashCode() {
    return job.lease().job().value().hashCode();
  }

  /** Compares by identity. */
  @Override
  public boolean equals(@Nullable Object other) {
    return this == other;
  }

  long claimedTicks() {
    return claimedTicks;
  }

  int claimedAfterGaps() {
    return claimedAfterGaps;
  }

  /** Returns its maximum run time: the job's own, else its type's. */
  Optional<Duration> timeout() {
    return job.timeout().or(() -> services.handlers().policy(job.type()).timeout());
  }

  /** Returns whether another crash would fail the job. */
  boolean isLastChance() {
    return services.transitions().isLastChance(job);
  }

  /**
   * Returns whether no other handler of its job, or under its limit, may run while this one does:
   * it is stopped before others may begin.
   */
  boolean isExclusive() {
    return job.alone() || services.handlers().policy(job.type()).exclusive();
  }

  /** Returns the permit it shares with others, of which one runs at a time; empty if none. */
  Optional<Long> sharedPermit() {
    return job.line();
  }

  /** Returns the output of its handler that is not stored yet. */
  OutputBuffer output() {
    return output;
  }

  /** Returns how long its handler has been running; zero before it begins. */
  Duration runningFor() {
    lock.lock();
    try {
      return phase == Phase.WAITING
          ? Duration.ZERO
          : Duration.ofNanos(services.time().ticks() - startedTicks);
    } finally {
      lock.unlock();
    }
  }

  /** Returns the time since it was asked to stop. */
  Duration sinceStop() {
    lock.lock();
    try {
      return Duration.ofNanos(services.time().ticks() - stoppedTicks);
    } finally {
      lock.unlock();
    }
  }

  /** Begins on the calling thread. @return false if it was stopped or ended while it waited */
  boolean begin() {
    lock.lock();
    try {
      if (stop != null || phase == Phase.ENDED) {
        return false;
      }
      phase = Phase.RUNNING;
      thread = Thread.currentThread();
      startedTicks = services.time().ticks();
    } finally {
      lock.unlock();
    }
    Duration waitedHere = Duration.ofNanos(startedTicks - claimedTicks);
    services.handlers().listener().started(job.queue(), job.type(), job.waited().plus(waitedHere));
    return true;
  }

  /**
   * Runs the handler to its end.
   *
   * @return the acknowledgement, or empty if the attempt was abandoned meanwhile
   */
  Optional<Acknowledgement> run() {
    MDC.put("job", id().toString());
    HandlerCall call = new HandlerCall(this, new HandlerContext(this, services), services);
    Outcome outcome = call.run();
    Optional<Failure> problem = outcome.problem();
    try {
      Optional<Ended> ended = end(outcome);
      problem = ended.isPresent() ? ended.get().problem() : problem;
      return ended.map(Ended::acknowledgement);
    } finally {
      call.ended(problem);
      MDC.remove("job");
    }
  }

  /**
   * Returns whether its handler is ending the process: its thread is in {@code System.exit}, which
   * never returns.
   */
  boolean isExiting() {
    Thread running;
    lock.lock();
    try {
      running = phase == Phase.RUNNING ? thread : null;
    } finally {
      lock.unlock();
    }
    return running != null
        && Arrays.stream(running.getStackTrace())
            .anyMatch(
                frame ->
                    frame.getClassName().equals("java.lang.Runtime")
                        && frame.getMethodName().equals("exit"));
  }

  /** Decides the transition of the job after its handler ended the process. */
  Transition afterCrash(String cause) {
    return services.transitions().afterCrash(job, cause);
  }

  /** Returns whether it was asked to stop. */
  boolean isStopped() {
    return stop != null;
  }

  /** Asks the attempt to stop. The first reason counts. */
  void stop(Stop why) {
    List<Runnable> callbacks;
    lock.lock();
    try {
      if (stop != null || phase == Phase.ENDED) {
        return;
      }
      stop = why;
      stoppedTicks = services.time().ticks();
      callbacks = List.copyOf(onStop);
      onStop.clear();
      if (phase == Phase.RUNNING) {
        requireNonNull(thread).interrupt();
      }
    } finally {
      lock.unlock();
    }
    if (!callbacks.isEmpty()) { // user code must not block the caller
      services.threads().execute(() -> callbacks.forEach(this::call));
    }
  }

  /** Calls {@code callback} once when the attempt is asked to stop; now, if it already was. */
  void onStop(Runnable callback) {
    lock.lock();
    try {
      if (stop == null) {
        onStop.add(callback);
        return;
      }
    } finally {
      lock.unlock();
    }
    call(callback);
  }

  private void call(Runnable callback) {
    try {
      callback.run();
    } catch (RuntimeException | Error failure) {
      log.warn("A cancellation callback of job {} failed.", id(), failure);
    }
  }

  /** Records that its handler has completed the job in a transaction of its own. */
  void completedInTransaction() {
    isCompletedInTransaction = true;
  }

  /**
   * Returns whether its handler has completed the job in a transaction of its own and not returned.
   * While that transaction is open no other can change the job; once it is committed, the handler
   * itself has ended the lease.
   */
  boolean isCompletedInTransaction() {
    return isCompletedInTransaction;
  }

  /** Returns whether its handler runs on the calling thread. */
  boolean isOnItsThread() {
    lock.lock();
    try {
      return phase == Phase.RUNNING && thread == Thread.currentThread();
    } finally {
      lock.unlock();
    }
  }

  /** Makes the attempt end in this wait, whatever its handler does from now on, and unwinds it. */
  JobSuspended suspend(StepWait wait) {
    lock.lock();
    try {
      suspension = wait;
    } finally {
      lock.unlock();
    }
    return new JobSuspended(wait.why());
  }

  /** Unwinds the handler again if it goes on after it was suspended. */
  void refuseIfSuspended() {
    @Nullable StepWait wait = suspension;
    if (wait != null) {
      throw new JobSuspended(wait.why());
    }
  }

  /** Ends the attempt without an acknowledgement: another caller sends it. */
  void endSilently() {
    lock.lock();
    try {
      phase = Phase.ENDED;
    } finally {
      lock.unlock();
    }
    output.close();
  }

  /**
   * Ends an attempt whose handler never began.
   *
   * @return what gives its job back; empty if it was taken from here, or ended before
   */
  Optional<Acknowledgement> endUnbegun() {
    lock.lock();
    try {
      boolean isOurs = phase == Phase.WAITING && stop != Stop.REVOKED;
      phase = Phase.ENDED;
      return isOurs ? Optional.of(Acknowledgement.unbegun(lease())) : Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /** Ends an attempt whose handler does not return; what it does from now on is discarded. */
  Optional<Acknowledgement> abandon() {
    Failure failure = Failure.of(Failure.Kind.ERROR, "the handler did not return");
    return end(new Outcome.Failed(failure)).map(Ended::acknowledgement);
  }

  /**
   * The end of an attempt.
   *
   * @param problem why it failed, or empty
   */
  private record Ended(Acknowledgement acknowledgement, Optional<Failure> problem) {}

  private Optional<Ended> end(Outcome outcome) {
    Duration ran;
    lock.lock();
    try {
      boolean byItself = Thread.currentThread() == thread;
      if (byItself) {
        Thread.interrupted(); // a late interrupt must not reach the thread's next attempt
      }
      if (phase == Phase.ENDED) {
        return Optional.empty();
      }
      phase = Phase.ENDED;
      ran = Duration.ofNanos(services.time().ticks() - startedTicks);
    } finally {
      lock.unlock();
    }
    TransitionPolicy.Result end = result(outcome);
    boolean mayHaveEnded = isCompletedInTransaction;
    boolean byTransaction = outcome.equals(HandlerCall.NOT_COMMITTED) && stop == null;
    Optional<Failure> problem = byTransaction ? Optional.empty() : end.problem();
    if (mayHaveEnded) { // a failure that is stored nowhere else if its transaction was committed
      problem.ifPresent(
          failure ->
              output.line(Level.WARN, "failed after completeIn: " + failure.message(), NO_DETAILS));
    }
    HandlerOutput last = output.close();
    boolean isDead = !byTransaction && end.transition().kind() == Transition.Kind.FAIL;
    report(end(end.transition().kind(), byTransaction, mayHaveEnded), problem, isDead, ran);
    services
        .handlers()
        .listener()
        .ended(
            job.queue(),
            job.type(),
            byTransaction ? Transition.Kind.COMPLETE : end.transition().kind(),
            ran);
    Acknowledgement acknowledgement =
        new Acknowledgement(
            lease(), end.transition(), ran, last, Optional.of(job.origin()), mayHaveEnded);
    return Optional.of(new Ended(acknowledgement, problem));
  }

  /** A handler that its job has suspended has done its part, unless it ran over its timeout. */
  private TransitionPolicy.Result result(Outcome outcome) {
    @Nullable StepWait wait = suspension;
    return wait != null && stop != Stop.TIMEOUT
        ? new TransitionPolicy.Result(new Transition.Suspend(wait), Optional.empty())
        : services.transitions().of(job, outcome, timeout(), stop);
  }

  /** Returns the end as logged; after {@code completeIn} only the store knows it. */
  private static String end(Transition.Kind kind, boolean byTransaction, boolean mayHaveEnded) {
    if (byTransaction) {
      return BY_TRANSACTION;
    }
    String name = kind.name().toLowerCase(Locale.ROOT);
    return mayHaveEnded ? name + NOT_BY_TRANSACTION : name;
  }

  /**
   * Logs only the kind of a failure: a message can quote the payload.
   *
   * @param isDead whether the job is a dead letter now
   */
  private void report(String end, Optional<Failure> problem, boolean isDead, Duration ran) {
    Level others = problem.isPresent() ? Level.INFO : Level.DEBUG;
    Level level = isDead ? Level.WARN : others;
    if (log.isEnabledForLevel(level)) {
      log.atLevel(level)
          .addKeyValue("job", id())
          .addKeyValue("type", job.type())
          .addKeyValue("queue", job.queue())
          .addKeyValue("attempt", number())
          .addKeyValue("ran_ms", ran.toMillis())
          .addKeyValue("failure", problem.map(failure -> failure.kind().name()).orElse("none"))
          .log("Attempt ended: {}.", end);
    }
  }
}
