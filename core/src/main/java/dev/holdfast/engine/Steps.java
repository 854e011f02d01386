package dev.holdfast.engine;

import dev.holdfast.Enqueued;
import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import dev.holdfast.Predecessor;
import dev.holdfast.Transaction;
import dev.holdfast.check.Check;
import dev.holdfast.check.Limits;
import dev.holdfast.check.Names;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.spi.StepCycle;
import dev.holdfast.spi.StepStore;
import dev.holdfast.spi.StepStore.Finished;
import dev.holdfast.spi.StepWait;
import dev.holdfast.step.Step;
import dev.holdfast.step.StepKind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The steps of one attempt's job. Read from the store once, when the first is asked for, so that
 * jobs without steps pay nothing: as long as the lease holds, no other process writes them.
 */
final class Steps {
  private final Attempt attempt;
  private final NodeServices services;
  private final StepStore store;
  private final OutageRetry outage;
  private final ReentrantLock lock = new ReentrantLock();

  // guarded by lock, like all below
  private final Set<String> used = new HashSet<>();
  private final Map<Thread, String> running = new HashMap<>();
  private @Nullable Map<String, Step> known;
  private Instant readAt = Instant.EPOCH; // by the store's clock
  private long readTicks;
  private int recordedSince;
  private @Nullable Open open;

  Steps(Attempt attempt, NodeServices services, OutageRetry outage) {
    this.attempt = attempt;
    this.services = services;
    this.store = services.store().steps();
    this.outage = outage;
  }

  /** A transaction that recorded a step, and may not have ended. */
  private record Open(Transaction transaction, String step) {}

  /** Records a step that has finished. */
  @FunctionalInterface
  private interface Recording {
    void record(Finished step);
  }

  <T extends @Nullable Object> T run(String name, Class<T> type, Callable<? extends T> work)
      throws Exception {
    refuseIfSuspendedOrIn("step '" + name + "'");
    refuseInTransaction(
        "step '%s' is called while %s is open, whose rollback would not take back its record: use"
            + " stepIn, or call it outside of the transaction",
        name);
    return runOnce(name, type, work, this::finish);
  }

  <T extends @Nullable Object> T runIn(
      Transaction transaction, String name, Class<T> type, Callable<? extends T> work)
      throws Exception {
    attempt.refuseIfSuspended();
    refuseOtherThan(transaction, "step '" + name + "'");
    return runOnce(
        name,
        type,
        work,
        step -> {
          store.finish(transaction, attempt.lease(), step);
          isOpen(new Open(transaction, name));
        });
  }

  private <T extends @Nullable Object> T runOnce(
      String name, Class<T> type, Callable<? extends T> work, Recording recording)
      throws Exception {
    begin(name);
    boolean isDone = false;
    try {
      Optional<Step> before = find(name, StepKind.WORK);
      T result =
          before.isPresent()
              ? decoded(before.get().result(), type)
              : doWork(name, type, work, recording);
      isDone = true;
      return result;
    } finally {
      end(name, isDone);
    }
  }

  /** Reads the result as the next run will, before it is recorded. */
  private <T extends @Nullable Object> T doWork(
      String name, Class<T> type, Callable<? extends T> work, Recording recording)
      throws Exception {
    long began = services.time().ticks();
    Optional<String> json = encoded(name, work.call());
    Duration ran = Duration.ofNanos(services.time().ticks() - began);
    T result = decoded(json, type);
    recording.record(new Finished(name, StepKind.WORK, json, ran));
    lock.lock();
    try {
      recordedSince++;
    } finally {
      lock.unlock();
    }
    return result;
  }

  void sleep(String name, Duration length) {
    Check.delay(length);
    Optional<Step> before = beginWait(name, StepKind.SLEEP);
    if (before.filter(Step::isFinished).isPresent()) {
      return;
    }
    if (before.filter(this::isOver).isEmpty()) {
      throw attempt.suspend(StepWait.sleep(name, length));
    }
    finish(new Finished(name, StepKind.SLEEP, Optional.empty(), Duration.ZERO));
  }

  <T> Optional<T> awaitSignal(String name, Class<T> type, Duration timeout) {
    Check.range(
        "the time to wait for a signal",
        timeout,
        Duration.ofMillis(1),
        Duration.ofDays(Limits.DELAY_DAYS_MAX));
    Optional<Step> before = beginWait(name, StepKind.SIGNAL);
    if (before.filter(Step::isFinished).isPresent()) {
      return payload(before.get().result(), type);
    }
    Optional<String> sent = outage.call(() -> services.store().signal(attempt.id(), name));
    if (sent.isEmpty() && before.filter(this::isOver).isEmpty()) {
      throw attempt.suspend(StepWait.signal(name, timeout));
    }
    finish(new Finished(name, StepKind.SIGNAL, sent, Duration.ZERO));
    return payload(sent, type);
  }

  private <T> Optional<T> payload(Optional<String> json, Class<T> type) {
    return json.flatMap(text -> Optional.ofNullable(services.codec().decode(text, type)));
  }

  List<Predecessor> await(String name, List<NewJob> jobs) {
    Check.range("the number of jobs of a step", jobs.size(), 0, Limits.STEP_JOBS_MAX);
    Optional<Step> before = beginWait(name, StepKind.JOBS);
    if (before.isEmpty()) {
      throw attempt.suspend(StepWait.jobs(name, enqueued(name, jobs)));
    }
    List<Predecessor> found = jobs(before.get());
    if (before.get().isFinished()) {
      return found;
    }
    if (found.stream().anyMatch(job -> !job.state().isFinished())) {
      throw attempt.suspend(StepWait.jobs(name, ids(before.get())));
    }
    finish(new Finished(name, StepKind.JOBS, Optional.empty(), Duration.ZERO));
    return found;
  }

  private List<JobId> enqueued(String name, List<NewJob> jobs) {
    JobId own = attempt.id();
    List<NewJob> keyed = StepWait.keyed(own, name, jobs);
    return outage.call(
        () -> {
          List<Enqueued> enqueued = services.queue().enqueue(keyed);
          StepCycle.check(services.store(), own, name, keyed, enqueued);
          return enqueued.stream().map(Enqueued::id).toList();
        });
  }

  private List<Predecessor> jobs(Step step) {
    int from = StepWait.firstPosition(step.position());
    return outage
        .call(
            () -> services.store().lookup().predecessors(attempt.id(), from, Limits.STEP_JOBS_MAX))
        .stream()
        .map(job -> at(job.position() - from, job))
        .toList();
  }

  private static Predecessor at(int position, Predecessor job) {
    return new Predecessor(
        position, job.id(), job.type(), job.state(), job.result(), job.ifFailed(), job.isOpen());
  }

  private List<JobId> ids(Step step) {
    String[] ids = services.codec().decode(step.result().orElse("[]"), String[].class);
    return List.of(ids).stream().map(JobId::parse).toList();
  }

  /** Begins a step, which makes its name known in this run. */
  private void begin(String name) {
    lock.lock();
    try {
      use(name);
      running.put(Thread.currentThread(), name);
    } finally {
      lock.unlock();
    }
  }

  /** One whose work failed may be tried again in the same run. */
  private void end(String name, boolean isDone) {
    lock.lock();
    try {
      running.remove(Thread.currentThread());
      if (!isDone) {
        used.remove(name);
      }
    } finally {
      lock.unlock();
    }
  }

  private void use(String name) {
    Names.check("step", name);
    String outer = running.get(Thread.currentThread());
    if (outer != null) {
      throw new InvalidRequestException(
          "step '%s' is called within step '%s': steps do not contain steps, sleeps or waits"
              .formatted(name, outer));
    }
    if (!used.add(name)) {
      throw new InvalidRequestException(
          "step '%s' has run in this attempt: each step of a job needs a name of its own, in a loop with a number"
              .formatted(name));
    }
  }

  /** Refuses a wait before anything is recorded, where the handler could not be unwound. */
  private Optional<Step> beginWait(String name, StepKind kind) {
    refuseIfSuspendedOrIn("step '" + name + "'");
    refuseInTransaction(
        "step '%s' suspends the job while %s is open, which that would roll back: call it outside"
            + " of the transaction",
        name);
    lock.lock();
    try {
      if (!attempt.isOnItsThread()) {
        throw new InvalidRequestException(
            "step '%s' suspends the job: only the thread that runs the handler can do that"
                .formatted(name));
      }
      if (attempt.isCompletedInTransaction()) {
        throw new InvalidRequestException(
            "step '%s' suspends the job, which was completed by completeIn".formatted(name));
      }
      use(name);
      if (!running.isEmpty()) {
        throw new InvalidRequestException(
            "step '%s' suspends the job while step '%s' runs on another thread: wait for it first"
                .formatted(name, running.values().iterator().next()));
      }
    } finally {
      lock.unlock();
    }
    return find(name, kind);
  }

  private Optional<Step> find(String name, StepKind kind) {
    lock.lock();
    try {
      Map<String, Step> steps = known();
      Optional<Step> step = Optional.ofNullable(steps.get(name));
      if (step.filter(found -> found.kind() != kind).isPresent()) {
        throw new InvalidRequestException(
            "step '%s' is recorded as %s, and is now %s: give the new one another name"
                .formatted(name, describe(step.get().kind()), describe(kind)));
      }
      if (step.isEmpty() && steps.size() + recordedSince >= Limits.STEPS_MAX) {
        throw new InvalidRequestException(
            "a job has at most %,d steps, '%s' would be one more"
                .formatted(Limits.STEPS_MAX, name));
      }
      return step;
    } finally {
      lock.unlock();
    }
  }

  private static String describe(StepKind kind) {
    return switch (kind) {
      case WORK -> "work";
      case SLEEP -> "a sleep";
      case SIGNAL -> "a wait for a signal";
      case JOBS -> "a wait for jobs";
    };
  }

  private boolean isOver(Step step) {
    lock.lock();
    try {
      Instant now = readAt.plusNanos(services.time().ticks() - readTicks);
      return step.until().filter(until -> !until.isAfter(now)).isPresent();
    } finally {
      lock.unlock();
    }
  }

  private Map<String, Step> known() {
    if (known == null) {
      long before = services.time().ticks();
      StepStore.Recorded recorded = outage.call(() -> store.of(attempt.id()));
      Map<String, Step> steps = new HashMap<>();
      recorded.steps().forEach(step -> steps.put(step.name(), step));
      readAt = recorded.at();
      readTicks = before;
      recordedSince = 0;
      known = steps;
    }
    return known;
  }

  /** Records a step in a transaction of its own. */
  private void finish(Finished step) {
    outage.run(() -> store.finish(attempt.lease(), step));
  }

  private void isOpen(Open transaction) {
    lock.lock();
    try {
      open = transaction;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Refuses a call of a suspended job; and one that would wait for a transaction of its own thread,
   * which holds the job's row.
   */
  void refuseIfSuspendedOrIn(String call) {
    attempt.refuseIfSuspended();
    refuseOtherThan(null, call);
  }

  /** Refuses a step with a record of its own in a transaction of the program. */
  private void refuseInTransaction(String message, String name) {
    Optional<String> open = services.handlers().openTransaction();
    if (open.isPresent()) {
      throw new InvalidRequestException(message.formatted(name, open.get()));
    }
  }

  /** Refuses a call in another transaction than the one that recorded a step and may be open. */
  void refuseOtherThan(@Nullable Transaction transaction, String call) {
    attempt.refuseIfSuspended();
    lock.lock();
    try {
      Open last = open;
      if (last == null || last.transaction.equals(transaction)) {
        return;
      }
      known = null; // committed, its step is there
      if (!known().containsKey(last.step)) {
        throw new InvalidRequestException(
            "%s is called while the transaction of step '%s' is open: commit it first; after a rollback, throw"
                .formatted(call, last.step));
      }
      open = null;
    } finally {
      lock.unlock();
    }
  }

  private Optional<String> encoded(String name, @Nullable Object value) {
    if (value == null) {
      return Optional.empty();
    }
    String json = services.codec().encode(value);
    int bytes = json.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > Limits.STEP_BYTES_MAX) {
      throw new InvalidRequestException(
          "the result of step '%s' has %,d bytes of JSON, at most %,d are kept: store it elsewhere and return where"
              .formatted(name, bytes, Limits.STEP_BYTES_MAX));
    }
    return Optional.of(json);
  }

  @SuppressWarnings("NullAway") // a step without a result has a type that includes null
  private <T extends @Nullable Object> T decoded(Optional<String> json, Class<T> type) {
    return json.isPresent() ? services.codec().decode(json.get(), type) : null;
  }
}
