package dev.holdfast.test.memory;

import static java.util.Objects.requireNonNull;

import dev.holdfast.Dependency;
import dev.holdfast.Failure;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.OnPredecessorFailure;
import dev.holdfast.OnSignalTimeout;
import dev.holdfast.Predecessor;
import dev.holdfast.SignalWait;
import dev.holdfast.Waits;
import dev.holdfast.check.Limits;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.search.Scope;
import dev.holdfast.spi.JobStore.Signalled;
import dev.holdfast.spi.Signal;
import dev.holdfast.spi.StepWait;
import dev.holdfast.spi.Transition;
import dev.holdfast.spi.record.JobDraft;
import dev.holdfast.spi.record.JobRecord;
import dev.holdfast.step.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The dependencies between jobs of a memory store. Guarded by the store's lock. */
final class MemoryWaits {
  private static final class Wait {
    private final JobId job;
    private final int position;
    private final Dependency dependency;
    private @Nullable Instant satisfiedAt;

    private Wait(JobId job, int position, Dependency dependency, @Nullable Instant satisfiedAt) {
      this.job = job;
      this.position = position;
      this.dependency = dependency;
      this.satisfiedAt = satisfiedAt;
    }

    private boolean isOpen() {
      return satisfiedAt == null;
    }

    private boolean isDoomedBy(JobState end) {
      return dependency.ifFailed() == OnPredecessorFailure.CANCEL && end != JobState.COMPLETED;
    }
  }

  private record Ended(JobId id, JobState state) {}

  private final MemoryTables tables;
  private final Map<JobId, List<Wait>> ofJob = new HashMap<>();
  private final Map<JobId, List<Wait>> onJob = new HashMap<>();
  private final Map<Optional<String>, Integer> cancelled = new HashMap<>(); // by group
  private final NavigableMap<JobId, NavigableMap<String, JobRecord.Signal>> signals =
      new TreeMap<>();
  private final Map<JobId, Integer> awaited = new HashMap<>();

  MemoryWaits(MemoryTables tables) {
    this.tables = tables;
  }

  /** Rejects all jobs of a call if one of them has an invalid predecessor. */
  void check(List<JobDraft> drafts, Map<JobId, JobId> standIns) {
    Set<JobId> fresh = new HashSet<>();
    Map<JobId, Integer> more = new HashMap<>();
    for (JobDraft draft : drafts) {
      for (Dependency dependency : draft.waits().jobs()) {
        JobId on = standIns.getOrDefault(dependency.on(), dependency.on());
        if (!tables.rows.containsKey(on) && !fresh.contains(on)) {
          throw new InvalidRequestException(
              "job %s is to wait for job %s, which does not exist".formatted(draft.id(), on));
        }
        int count = awaited.getOrDefault(on, 0) + more.merge(on, 1, Integer::sum);
        if (count > Limits.DEPENDENCIES_MAX) {
          throw new InvalidRequestException(
              "more than %,d jobs would wait for job %s".formatted(Limits.DEPENDENCIES_MAX, on));
        }
      }
      fresh.add(draft.id());
    }
  }

  /** Adds a new job, which may have to wait. */
  MemoryRow add(JobDraft draft, List<String> tags, Map<JobId, JobId> standIns, Instant now) {
    int position = 0;
    Optional<Ended> doom = Optional.empty();
    boolean isOpen = false;
    for (Dependency given : draft.waits().jobs()) {
      JobId on = standIns.getOrDefault(given.on(), given.on());
      JobState state = requireNonNull(tables.rows.get(on), "checked before").state();
      Wait wait = new Wait(draft.id(), position++, new Dependency(on, given.ifFailed()), null);
      if (state.isFinished() && !wait.isDoomedBy(state)) {
        wait.satisfiedAt = now;
      } else if (state.isFinished() && doom.isEmpty()) {
        doom = Optional.of(new Ended(on, state));
      }
      isOpen |= wait.isOpen();
      awaited.merge(on, 1, Integer::sum);
      put(wait);
    }
    draft.waits().signal().ifPresent(wait -> await(draft.id(), wait, now));
    isOpen |= draft.waits().signal().isPresent();
    MemoryRow row = new MemoryRow(isOpen ? draft : draft.waits(Waits.none()), tags, now);
    tables.add(row);
    tables.samples.enqueued(row);
    doom.ifPresent(end -> tables.change(row, () -> row.cancel(by(end), why(end), now)));
    return row;
  }

  private void put(Wait wait) {
    ofJob.computeIfAbsent(wait.job, first -> new ArrayList<>()).add(wait);
    onJob.computeIfAbsent(wait.dependency.on(), first -> new ArrayList<>()).add(wait);
  }

  private static String by(Ended end) {
    return "job " + end.id;
  }

  private static String why(Ended end) {
    return "job %s, which it waited for, %s"
        .formatted(end.id, end.state == JobState.FAILED ? "has failed" : "was cancelled");
  }

  /** Applies the consequences of a job's end; does nothing for a job that has not ended. */
  void follow(MemoryRow row, Instant now, Set<Signal> signals) {
    if (row.state().isFinished()) {
      follow(row.id(), row.state(), "", now, signals);
    }
  }

  /** Returns how many jobs of a scope were ever cancelled because of a predecessor. */
  int cancelled(Scope scope) {
    return cancelled.entrySet().stream()
        .filter(count -> scope.covers(count.getKey()))
        .mapToInt(Map.Entry::getValue)
        .sum();
  }

  /** Applies the consequences of the end of a job that {@code by} has ended. */
  void follow(JobId job, JobState end, String by, Instant now, Set<Signal> signals) {
    Deque<Ended> all = new ArrayDeque<>(List.of(new Ended(job, end)));
    while (!all.isEmpty()) {
      Ended ended = all.remove();
      Map<JobId, List<Wait>> open = new TreeMap<>(); // one job may wait for it twice
      onJob.getOrDefault(ended.id, List.of()).stream()
          .filter(Wait::isOpen)
          .forEach(wait -> open.computeIfAbsent(wait.job, first -> new ArrayList<>()).add(wait));
      open.forEach(
          (waiting, waits) -> {
            if (follow(waiting, waits, ended, by, now, signals)) {
              cancelled.merge(requireNonNull(tables.rows.get(waiting)).group(), 1, Integer::sum);
              all.add(new Ended(waiting, JobState.CANCELLED));
            }
          });
    }
  }

  /** Ends a wait. Returns whether the waiting job was cancelled. */
  private boolean follow(
      JobId job, List<Wait> waits, Ended ended, String by, Instant now, Set<Signal> signals) {
    @Nullable MemoryRow row = tables.rows.get(job);
    boolean isBlocked = row != null && row.state() == JobState.BLOCKED;
    waits.stream()
        .filter(wait -> !wait.isDoomedBy(ended.state))
        .forEach(wait -> wait.satisfiedAt = now);
    if (row == null || !isBlocked) {
      return false;
    }
    if (waits.stream().anyMatch(Wait::isOpen)) {
      tables.change(row, () -> row.cancel(by.isEmpty() ? by(ended) : by, why(ended), now));
      return true;
    }
    if (open(job) == 0) {
      tables.change(row, () -> row.letGo("what it waited for has ended", now));
      signals.add(row.state() == JobState.PENDING ? Signal.WORK : Signal.SCHEDULED);
    }
    return false;
  }

  void waitForNobody(JobId job, Instant now) {
    ofJob.getOrDefault(job, List.of()).stream()
        .filter(Wait::isOpen)
        .forEach(wait -> wait.satisfiedAt = now);
    awaited(job).ifPresent(signal -> put(job, notAwaited(signal)));
  }

  private void await(JobId job, SignalWait wait, Instant now) {
    put(
        job,
        new JobRecord.Signal(
            wait.name(),
            Optional.empty(),
            Optional.empty(),
            "",
            Optional.of(now.plus(wait.timeout())),
            Optional.of(wait.ifLate())));
  }

  /**
   * Makes a job whose attempt ended with this transition wait for a signal, unless it was already
   * sent.
   */
  void ask(MemoryRow row, Transition end, Instant now, Set<Signal> told) {
    if (end instanceof Transition.Await await) {
      String name = await.signal().name();
      if (sent(row.id(), name).isPresent()) {
        letGoIfFree(row, "signal '%s' had been sent".formatted(name), now, told);
      } else {
        await(row.id(), await.signal(), now);
        told.add(Signal.SCHEDULED);
      }
    }
    if (end instanceof Transition.Suspend suspend) {
      suspend(row, suspend.step(), now, told);
    }
  }

  private void suspend(MemoryRow row, StepWait wait, Instant now, Set<Signal> told) {
    Step step = tables.steps.begin(row.id(), row.attempt() + 1, wait, now);
    switch (wait.kind()) {
      case SLEEP -> {
        tables.change(row, () -> row.sleepUntil(step.until().orElseThrow()));
        told.add(Signal.SCHEDULED);
      }
      case SIGNAL -> {
        Duration rest = Duration.between(now, step.until().orElseThrow());
        Duration least = Duration.ofMillis(1);
        SignalWait signal =
            new SignalWait(
                wait.step(), rest.compareTo(least) < 0 ? least : rest, OnSignalTimeout.RUN);
        ask(row, new Transition.Await(signal), now, told);
      }
      case JOBS -> {
        await(row.id(), StepWait.firstPosition(step.position()), wait.jobs(), now);
        letGoIfFree(row, "what it waited for has ended", now, told);
      }
      case WORK -> throw new IllegalStateException("work does not wait: a bug");
    }
  }

  private void await(JobId job, int from, List<JobId> jobs, Instant now) {
    for (int i = 0; i < jobs.size(); i++) {
      @Nullable MemoryRow on = tables.rows.get(jobs.get(i));
      int position = from + i;
      if (on != null) {
        forgetIf(job, wait -> wait.position == position);
        Dependency dependency = new Dependency(on.id(), OnPredecessorFailure.RUN);
        put(new Wait(job, position, dependency, on.state().isFinished() ? now : null));
        awaited.merge(on.id(), 1, Integer::sum);
      }
    }
  }

  /** Forgets what a job waited for from this position on. */
  void forget(JobId job, int position) {
    forgetIf(job, wait -> wait.position >= position);
  }

  private void forgetIf(JobId job, Predicate<Wait> condition) {
    List<Wait> own = ofJob.getOrDefault(job, new ArrayList<>());
    own.stream()
        .filter(condition)
        .forEach(wait -> onJob.getOrDefault(wait.dependency.on(), new ArrayList<>()).remove(wait));
    own.removeIf(condition);
  }

  private void put(JobId job, JobRecord.Signal signal) {
    signals.computeIfAbsent(job, first -> new TreeMap<>()).put(signal.name(), signal);
  }

  private static JobRecord.Signal notAwaited(JobRecord.Signal signal) {
    return new JobRecord.Signal(
        signal.name(),
        signal.payload(),
        signal.sentAt(),
        signal.sentBy(),
        Optional.empty(),
        signal.ifLate());
  }

  private Collection<JobRecord.Signal> signals(JobId job) {
    NavigableMap<String, JobRecord.Signal> all = signals.get(job);
    return all == null ? List.of() : all.values();
  }

  private Optional<JobRecord.Signal> named(JobId job, String name) {
    return signals(job).stream().filter(signal -> signal.name().equals(name)).findFirst();
  }

  /** Returns the signal that a job waits for. */
  Optional<JobRecord.Signal> awaited(JobId job) {
    return signals(job).stream().filter(signal -> signal.awaitedUntil().isPresent()).findFirst();
  }

  /** Returns the payload that was sent to a job under this name. */
  Optional<String> sent(JobId job, String name) {
    return named(job, name).flatMap(JobRecord.Signal::payload);
  }

  Signalled send(JobId job, String name, String payload, String by, Instant now, Set<Signal> told) {
    @Nullable MemoryRow row = tables.rows.get(job);
    if (row == null) {
      return Signalled.NO_JOB;
    }
    Optional<JobRecord.Signal> before = named(job, name);
    if (before.flatMap(JobRecord.Signal::sentAt).isPresent()) {
      return Signalled.KNOWN;
    }
    if (row.state().isFinished()) {
      return Signalled.TOO_LATE;
    }
    Optional<OnSignalTimeout> ifLate = before.flatMap(JobRecord.Signal::ifLate);
    put(
        job,
        new JobRecord.Signal(
            name, Optional.of(payload), Optional.of(now), by, Optional.empty(), ifLate));
    if (before.flatMap(JobRecord.Signal::awaitedUntil).isPresent()) {
      letGoIfFree(row, "signal '%s' was sent by %s".formatted(name, by), now, told);
    }
    return Signalled.TAKEN;
  }

  private void letGoIfFree(MemoryRow row, String why, Instant now, Set<Signal> told) {
    if (row.state() == JobState.BLOCKED && open(row.id()) == 0) {
      tables.change(row, () -> row.letGo(why, now));
      told.add(row.state() == JobState.PENDING ? Signal.WORK : Signal.SCHEDULED);
    }
  }

  /** Returns the earliest timeout of a signal that is waited for. */
  Optional<Instant> nextLate() {
    return signals.keySet().stream()
        .flatMap(job -> awaited(job).flatMap(JobRecord.Signal::awaitedUntil).stream())
        .min(Comparator.naturalOrder());
  }

  /** Counts time-outs from now that were counted from a moment that is still to come. */
  void countAgain(Instant now) {
    for (JobId job : List.copyOf(signals.keySet())) {
      Optional<JobRecord.Signal> signal = awaited(job);
      @Nullable MemoryRow row = tables.rows.get(job);
      if (signal.isPresent()
          && row != null
          && row.state() == JobState.BLOCKED
          && row.isOfTheFuture(now)) {
        Instant until = signal.get().awaitedUntil().orElseThrow();
        tables.steps.countAgain(row, now);
        put(job, awaitedUntil(signal.get(), now.plus(row.restUntil(until, now))));
      }
    }
  }

  private static JobRecord.Signal awaitedUntil(JobRecord.Signal signal, Instant until) {
    return new JobRecord.Signal(
        signal.name(),
        signal.payload(),
        signal.sentAt(),
        signal.sentBy(),
        Optional.of(until),
        signal.ifLate());
  }

  /** Ends the waits of jobs whose signal has timed out. */
  int endLate(int limit, Instant now, Set<Signal> told) {
    List<JobId> late =
        signals.keySet().stream()
            .filter(
                job ->
                    awaited(job)
                        .flatMap(JobRecord.Signal::awaitedUntil)
                        .filter(until -> !until.isAfter(now))
                        .isPresent())
            .limit(limit)
            .toList();
    late.forEach(job -> endLate(job, awaited(job).orElseThrow(), now, told));
    return late.size();
  }

  private void endLate(JobId job, JobRecord.Signal signal, Instant now, Set<Signal> told) {
    put(job, notAwaited(signal));
    @Nullable MemoryRow row = tables.rows.get(job);
    String why = "signal '%s' did not come in time".formatted(signal.name());
    if (row == null || row.state() != JobState.BLOCKED) {
      return;
    }
    if (signal.ifLate().equals(Optional.of(OnSignalTimeout.RUN))) {
      letGoIfFree(row, why, now, told);
    } else {
      tables.change(row, () -> row.failWaiting(Failure.of(Failure.Kind.SIGNAL, why), now));
      follow(row, now, told);
    }
  }

  /** Forgets the waits of a removed job. */
  void remove(JobId job) {
    List<Wait> gone = ofJob.getOrDefault(job, List.of());
    gone.forEach(wait -> onJob.getOrDefault(wait.dependency.on(), List.of()).remove(wait));
    ofJob.remove(job);
    signals.remove(job);
    awaited.remove(job);
  }

  /** Returns how many jobs and signals it waits for. */
  int open(JobId job) {
    return (int) ofJob.getOrDefault(job, List.of()).stream().filter(Wait::isOpen).count()
        + (awaited(job).isPresent() ? 1 : 0);
  }

  /** Returns whether an unfinished job waits or has waited for it. */
  boolean isNeeded(JobId job) {
    return dependents(job).stream().anyMatch(row -> row.finishedAt().isEmpty());
  }

  List<MemoryRow> dependents(JobId job) {
    return onJob.getOrDefault(job, List.of()).stream()
        .flatMap(wait -> Optional.ofNullable(tables.rows.get(wait.job)).stream())
        .toList();
  }

  List<Predecessor> predecessors(JobId job) {
    return ofJob.getOrDefault(job, List.of()).stream()
        .flatMap(
            wait ->
                Optional.ofNullable(tables.rows.get(wait.dependency.on()))
                    .map(row -> predecessor(wait, tables.job(row).result(), row))
                    .stream())
        .toList();
  }

  private static Predecessor predecessor(Wait wait, Optional<String> result, MemoryRow row) {
    return new Predecessor(
        wait.position,
        row.id(),
        row.type(),
        row.state(),
        result,
        wait.dependency.ifFailed(),
        wait.isOpen());
  }

  JobRecord.Waiting record(JobId job) {
    return new JobRecord.Waiting(
        open(job),
        awaited.getOrDefault(job, 0),
        ofJob.getOrDefault(job, List.of()).stream()
            .map(
                wait ->
                    new JobRecord.Wait(
                        wait.position,
                        wait.dependency.on(),
                        wait.dependency.ifFailed(),
                        Optional.ofNullable(wait.satisfiedAt)))
            .toList(),
        List.copyOf(signals(job)));
  }

  void load(JobId job, JobRecord.Waiting waiting) {
    waiting
        .jobs()
        .forEach(
            wait ->
                put(
                    new Wait(
                        job,
                        wait.position(),
                        new Dependency(wait.on(), wait.ifFailed()),
                        wait.satisfiedAt().orElse(null))));
    waiting.signals().forEach(signal -> put(job, signal));
    if (waiting.awaited() > 0) {
      awaited.put(job, waiting.awaited());
    }
  }

  /**
   * Ends waits that are over: predecessors may have ended while the records were read, one after
   * another.
   */
  void catchUp(List<MemoryRow> loaded, Instant now, Set<Signal> signals) {
    for (MemoryRow row : loaded) {
      follow(row, now, signals);
      ofJob.getOrDefault(row.id(), List.of()).stream()
          .flatMap(wait -> Optional.ofNullable(tables.rows.get(wait.dependency.on())).stream())
          .forEach(predecessor -> follow(predecessor, now, signals));
    }
  }
}
