package dev.holdfast.engine;

import static java.util.Objects.requireNonNull;

import dev.holdfast.Failure;
import dev.holdfast.JobContext;
import dev.holdfast.JobId;
import dev.holdfast.Lease;
import dev.holdfast.Limits;
import dev.holdfast.NotRetryableException;
import dev.holdfast.Outcome;
import dev.holdfast.Predecessor;
import dev.holdfast.Progress;
import dev.holdfast.RecoveryStrategy.Interruption;
import dev.holdfast.TraceContext;
import dev.holdfast.Transaction;
import dev.holdfast.Transition;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.HandlerOutput;
import dev.holdfast.spi.HandlerThreads;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.PayloadCodec;
import dev.holdfast.spi.TimeSource;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.event.Level;

/**
 * One attempt of one job, from its claim to its acknowledgement. It waits, runs, and has ended; it
 * ends exactly once, by its handler's return or by being abandoned.
 */
final class Attempt implements JobContext {
  private static final Logger log = LoggerFactory.getLogger(Attempt.class);

  /** The parts of its node that an attempt uses. */
  record Surroundings(
      JobStore store,
      Handlers handlers,
      Interruptions interruptions,
      PayloadCodec codec,
      TimeSource time,
      RandomGenerator random,
      OutputFlush notes,
      HandlerThreads threads) {}

  /** A job with a payload of a newer version is offered again after this long. */
  private static final Duration UNTIL_NEWER_NODE = Duration.ofSeconds(10);

  /** If the transaction was committed after all, the store ignores this. */
  private static final Outcome NOT_COMMITTED =
      new Outcome.Failed(
          Failure.of(
              Failure.Kind.ERROR,
              "the handler returned after completeIn, but had not committed its transaction"));

  /** The store alone knows whether it was; the history tells. */
  private static final String BY_TRANSACTION = "complete, if its own transaction was committed";

  private enum Phase {
    WAITING,
    RUNNING,
    ENDED
  }

  private final Claimed job;
  private final int claimedAfterGaps;
  private final Surroundings with;
  private final long claimedTicks;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<Runnable> onCancel = new ArrayList<>(); // guarded by lock, like all below
  private Phase phase = Phase.WAITING;
  private long startedTicks;
  private long stoppedTicks;
  private @Nullable Thread thread;
  private volatile @Nullable Stop stop; // written under lock
  private final OutputBuffer outputBuffer;
  private volatile boolean isCompletedInTransaction;
  private volatile Optional<TraceContext> trace = Optional.empty();
  private final OutageRetry outage;
  private final Checkpoints checkpoints;

  /**
   * @param claimedAfterGaps the {@linkplain LeaseTrust#gaps gaps} before the claim was sent
   */
  Attempt(Claimed job, int claimedAfterGaps, Surroundings with) {
    this.job = job;
    this.claimedAfterGaps = claimedAfterGaps;
    this.with = with;
    this.claimedTicks = with.time.ticks();
    this.outputBuffer = new OutputBuffer(job.lease());
    this.outage = new OutageRetry(with.threads);
    this.checkpoints = new Checkpoints(job.lease(), with.store, with.codec, outage);
  }

  Lease lease() {
    return job.lease();
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
    return job.timeout().or(() -> with.handlers.policy(job.type()).timeout());
  }

  /** Returns how long its handler has been running; zero before it begins. */
  Duration runningFor() {
    lock.lock();
    try {
      return phase == Phase.WAITING
          ? Duration.ZERO
          : Duration.ofNanos(with.time.ticks() - startedTicks);
    } finally {
      lock.unlock();
    }
  }

  /** Returns the time since it was asked to stop. */
  Duration sinceStop() {
    lock.lock();
    try {
      return Duration.ofNanos(with.time.ticks() - stoppedTicks);
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
      startedTicks = with.time.ticks();
    } finally {
      lock.unlock();
    }
    Duration inLine = Duration.ofNanos(startedTicks - claimedTicks);
    with.handlers.listener().started(queue(), type(), job.waited().plus(inLine));
    return true;
  }

  /**
   * Runs the handler to its end.
   *
   * @return the acknowledgement, or empty if the attempt was abandoned meanwhile
   */
  Optional<Acknowledgement> run() {
    MDC.put("job", id().toString());
    Traced traced = Traced.begin(with.handlers.tracing(), this, job.trace());
    trace = traced.trace();
    Outcome outcome = call();
    Optional<Failure> problem = outcome.problem();
    try {
      Optional<Ended> ended = end(outcome);
      problem = ended.isPresent() ? ended.get().problem() : problem;
      return ended.map(Ended::acknowledgement);
    } finally {
      traced.end(problem);
      MDC.remove("job");
    }
  }

  /** The only place that catches everything: a handler can fail in any way without harm to us. */
  private Outcome call() {
    if (with.interruptions.isCrashLoop(type(), crashes())) {
      return new Outcome.GaveUp(Interruptions.crashLoop(crashes(), "").failure());
    }
    try {
      Object result = with.handlers.of(job.type()).run(job.payload(), job.payloadVersion(), this);
      if (isCompletedInTransaction) {
        return NOT_COMMITTED;
      }
      return result instanceof Outcome special ? special : completed(result);
    } catch (NotRetryableException refused) {
      return new Outcome.GaveUp(Failure.of(Failure.Kind.NOT_RETRYABLE, refused));
    } catch (Handlers.NewerPayloadException newer) {
      log.info("Job {} is not run here: {}.", id(), newer.getMessage());
      return new Outcome.Snoozed(UNTIL_NEWER_NODE);
    } catch (Handlers.UndecodableException misfit) {
      return new Outcome.GaveUp(Failure.of(Failure.Kind.PAYLOAD, misfit));
    } catch (Throwable failure) {
      return new Outcome.Failed(Failure.of(Failure.Kind.ERROR, failure));
    }
  }

  private Outcome completed(@Nullable Object result) {
    return new Outcome.Completed(encoded(result));
  }

  private Optional<String> encoded(@Nullable Object result) {
    if (result == null) {
      return Optional.empty();
    }
    String json = with.codec.encode(result);
    int bytes = json.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > Limits.RESULT_BYTES_MAX) {
      throw new NotRetryableException(
          "the result has %,d bytes of JSON, at most %,d are kept: store it elsewhere and return where"
              .formatted(bytes, Limits.RESULT_BYTES_MAX));
    }
    return Optional.of(json);
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
    return with.interruptions.afterCrash(
        new Interruption(id(), type(), attempt(), crashes() + 1, true, cause));
  }

  /** Ends the attempt without an acknowledgement: another caller sends it. */
  void endSilently() {
    lock.lock();
    try {
      phase = Phase.ENDED;
    } finally {
      lock.unlock();
    }
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

  /** Asks the attempt to stop. The first reason counts. */
  void stop(Stop why) {
    List<Runnable> callbacks;
    lock.lock();
    try {
      if (stop != null || phase == Phase.ENDED) {
        return;
      }
      stop = why;
      stoppedTicks = with.time.ticks();
      callbacks = List.copyOf(onCancel);
      onCancel.clear();
      if (phase == Phase.RUNNING) {
        requireNonNull(thread).interrupt();
      }
    } finally {
      lock.unlock();
    }
    if (!callbacks.isEmpty()) { // user code must not block the caller
      with.threads.execute(() -> callbacks.forEach(this::call));
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
    HandlerOutput notes;
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
      ran = Duration.ofNanos(with.time.ticks() - startedTicks);
      notes = outputBuffer.take();
    } finally {
      lock.unlock();
    }
    TransitionPolicy.Result end = new TransitionPolicy(job, with).of(outcome, timeout(), stop);
    boolean byTransaction = outcome.equals(NOT_COMMITTED) && stop == null;
    Optional<Failure> problem = byTransaction ? Optional.empty() : end.problem();
    tell(byTransaction ? BY_TRANSACTION : name(end.transition().kind()), problem, ran);
    with.handlers
        .listener()
        .ended(
            queue(),
            type(),
            byTransaction ? Transition.Kind.COMPLETE : end.transition().kind(),
            ran);
    Acknowledgement acknowledgement =
        new Acknowledgement(lease(), end.transition(), ran, notes, Optional.of(job.origin()));
    return Optional.of(new Ended(acknowledgement, problem));
  }

  private static String name(Transition.Kind end) {
    return end.name().toLowerCase(Locale.ROOT);
  }

  /** Logs only the kind of a failure: a message can quote the payload. */
  private void tell(String end, Optional<Failure> problem, Duration ran) {
    Level level = problem.isPresent() ? Level.INFO : Level.DEBUG;
    if (log.isEnabledForLevel(level)) {
      log.atLevel(level)
          .addKeyValue("job", id())
          .addKeyValue("type", type())
          .addKeyValue("queue", queue())
          .addKeyValue("attempt", attempt())
          .addKeyValue("ran_ms", ran.toMillis())
          .addKeyValue("failure", problem.map(failure -> failure.kind().name()).orElse("none"))
          .log("Attempt ended: {}.", end);
    }
  }

  /** Takes the handler's output since the last call. */
  HandlerOutput takeNotes() {
    lock.lock();
    try {
      return outputBuffer.take();
    } finally {
      lock.unlock();
    }
  }

  /** Records that the output taken last is stored. */
  void notesStored() {
    lock.lock();
    try {
      outputBuffer.stored();
    } finally {
      lock.unlock();
    }
  }

  /** Takes back output that could not be stored. @return false if the attempt has ended */
  boolean giveBackNotes(HandlerOutput notes) {
    lock.lock();
    try {
      if (phase == Phase.RUNNING) {
        outputBuffer.giveBack(notes);
      }
      return phase == Phase.RUNNING;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public JobId id() {
    return job.lease().job();
  }

  @Override
  public String queue() {
    return job.queue();
  }

  @Override
  public String type() {
    return job.type();
  }

  @Override
  public int attempt() {
    return job.lease().attempt();
  }

  @Override
  public long token() {
    return job.lease().token();
  }

  @Override
  public int crashes() {
    return job.crashes();
  }

  /** Returns whether another crash would fail the job. */
  boolean isLastChance() {
    return with.interruptions.isLastChance(type(), crashes());
  }

  /**
   * Returns whether no other handler of its job, or under its limit, may run while this one does:
   * it is stopped before others may begin.
   */
  boolean isExclusive() {
    return job.alone() || with.handlers.policy(job.type()).exclusive();
  }

  /** Returns the permit it shares with others, of which one runs at a time; empty if none. */
  Optional<Long> line() {
    return job.line();
  }

  @Override
  public void checkpoint(String name, @Nullable Object state) {
    checkpoints.save(name, state);
  }

  @Override
  public <T> Optional<T> checkpoint(String name, Class<T> type) {
    return checkpoints.read(name, type);
  }

  @Override
  public Stream<Predecessor> predecessors() {
    return Predecessors.of(id(), with.store, outage);
  }

  @Override
  public <T> Stream<T> results(Class<T> type) {
    return predecessors()
        .flatMap(predecessor -> predecessor.result().stream())
        .map(json -> with.codec.decode(json, type));
  }

  @Override
  public Optional<String> signal(String name) {
    return outage.call(() -> with.store.signal(id(), name));
  }

  @Override
  public void completeIn(Transaction transaction, @Nullable Object result) {
    with.store.complete(transaction, lease(), encoded(result), runningFor());
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

  @Override
  public void progress(int percent, String message) {
    Progress newest = new Progress(percent, message);
    lock.lock();
    try {
      if (phase != Phase.RUNNING) {
        return;
      }
      outputBuffer.progress(newest);
    } finally {
      lock.unlock();
    }
    with.notes.dirty(this);
  }

  @Override
  public void log(Level level, String message, Map<String, ?> details) {
    Optional<String> json =
        details.isEmpty() ? Optional.empty() : Optional.of(with.codec.encode(details));
    lock.lock();
    try {
      if (phase != Phase.RUNNING) {
        return;
      }
      outputBuffer.line(with.time.now(), level, message, json);
    } finally {
      lock.unlock();
    }
    with.notes.dirty(this);
  }

  @Override
  public Optional<TraceContext> trace() {
    return trace;
  }

  @Override
  public boolean isCancelled() {
    return stop != null;
  }

  @Override
  public void onCancel(Runnable callback) {
    lock.lock();
    try {
      if (stop == null) {
        onCancel.add(callback);
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
}
