package dev.holdfast.torture;

import dev.holdfast.JobId;
import dev.holdfast.torture.actors.WorkerProgram;
import dev.holdfast.torture.evidence.Effect;
import dev.holdfast.torture.evidence.RunFolder;
import dev.holdfast.torture.host.Child;
import dev.holdfast.torture.host.LineTail;
import dev.holdfast.torture.host.Moment;
import dev.holdfast.torture.sampler.Hands;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** A place for one worker: when its process has ended, the next one starts at once. */
final class Post implements Hands {
  private static final Duration RETURN = Duration.ofSeconds(2);

  private final String name;
  private final WorkerProgram.Settings settings;
  private final List<String> wrapper;
  private int incarnation;
  private Child child;
  private LineTail effects;
  private final Set<JobId> running = new HashSet<>();
  private final Set<JobId> inTransactions = new HashSet<>();
  private final Set<String> begun = new HashSet<>();
  private OptionalLong freeSince = OptionalLong.empty();
  private boolean isToldToEnd;
  private boolean isCutOff;
  private long returnTicks = Moment.now().ticks();
  private long startTicks;
  private boolean isNew;
  private long ends;
  private long completions;
  private Optional<Long> standsUntilTicks = Optional.empty();

  /**
   * Starts the next process at the post of this name, with an optional command in front of {@code
   * java}.
   */
  Post(String name, WorkerProgram.Settings settings, List<String> wrapper) {
    this.name = name;
    this.settings = settings;
    this.wrapper = wrapper;
    this.incarnation = RunFolder.files(settings.folder(), Effect.ENDING).size();
    this.child = next();
    this.effects = follow();
  }

  private Child next() {
    incarnation++;
    startTicks = Moment.now().ticks();
    isNew = true;
    return WorkerProgram.start(name + "-" + incarnation, settings, wrapper);
  }

  private LineTail follow() {
    return new LineTail(settings.folder().resolve(child.name() + Effect.ENDING));
  }

  Child child() {
    return child;
  }

  /** Reads what its handlers have done since the last call. */
  void look() {
    if (isNew && child.isReady()) {
      isNew = false;
      long now = Moment.now().ticks();
      returnTicks = now + (now - startTicks); // its code is cold: as long again as its start took
    }
    effects.read().stream().map(Effect::parse).forEach(this::take);
    if (freeSince.isEmpty() && isReady() && running.size() < settings.concurrency()) {
      freeSince = OptionalLong.of(Moment.now().ticks());
    }
  }

  private void take(Effect effect) {
    switch (effect.kind()) {
      case BEGIN -> {
        running.add(effect.job());
        begun.add(lease(effect.job(), effect.token()));
        if (running.size() >= settings.concurrency()) {
          freeSince = OptionalLong.empty();
        }
      }
      case OPEN -> inTransactions.add(effect.job());
      case END -> {
        running.remove(effect.job());
        inTransactions.remove(effect.job());
        ends++;
        completions += effect.what().equals(Effect.COMPLETES) ? 1 : 0;
      }
      case ACCEPTED, STALE -> begun.remove(lease(effect.job(), effect.token()));
      case TOLD -> {}
    }
  }

  private static String lease(JobId job, long token) {
    return job + " " + token;
  }

  /** Returns the number of handlers that have ended, in all of its processes. */
  long ends() {
    return ends;
  }

  /** Returns the number of handlers that completed. */
  long completions() {
    return completions;
  }

  /** Returns whether its process is running and not suspended. */
  boolean isReady() {
    return child.isAlive() && child.isReady() && standsUntilTicks.isEmpty();
  }

  @Override
  public String name() {
    return child.name();
  }

  @Override
  public boolean canWork() {
    return isReady()
        && !isNew
        && !isToldToEnd
        && !isCutOff
        && Moment.now().ticks() - returnTicks >= 0;
  }

  @Override
  public boolean isAway() {
    return stands() || isCutOff;
  }

  @Override
  public OptionalLong freeSince() {
    return freeSince;
  }

  @Override
  public boolean hasBegun(JobId job, long token) {
    return begun.contains(lease(job, token));
  }

  @Override
  public boolean holdsRow(JobId job) {
    return inTransactions.contains(job);
  }

  /** Returns whether a handler has an open transaction that completes its job. */
  boolean isInTransaction() {
    return isReady() && hasTransaction();
  }

  boolean hasTransaction() {
    return !inTransactions.isEmpty();
  }

  /** Sets whether the network lets it reach the store. */
  void reach(boolean store) {
    isCutOff = !store;
    comeBack();
  }

  /** Records that it has lost the store or its registration, and may take a moment to recover. */
  void comeBack() {
    freeSince = OptionalLong.empty();
    returnTicks = Moment.now().ticks() + RETURN.toNanos();
  }

  /** Sends SIGTERM. */
  void terminate() {
    isToldToEnd = true;
    child.terminate();
  }

  /** Returns whether handlers are running in it. */
  boolean isBusy() {
    return isReady() && !running.isEmpty();
  }

  boolean stands() {
    return standsUntilTicks.isPresent();
  }

  /** Sends SIGSTOP; after {@code pause} it {@linkplain #isDueToGoOn is due to go on}. */
  void stop(Duration pause) {
    standsUntilTicks = Optional.of(Moment.now().ticks() + pause.toNanos());
    child.signal("STOP");
  }

  boolean isDueToGoOn() {
    return standsUntilTicks.filter(until -> Moment.now().ticks() - until >= 0).isPresent();
  }

  /** Sends SIGCONT. */
  void goOn() {
    standsUntilTicks = Optional.empty();
    comeBack();
    child.signal("CONT");
  }

  void restartWhenEnded() {
    if (child.isAlive()) {
      return;
    }
    look();
    running.clear();
    inTransactions.clear();
    begun.clear();
    freeSince = OptionalLong.empty();
    isToldToEnd = false;
    child = next();
    effects = follow();
  }
}
