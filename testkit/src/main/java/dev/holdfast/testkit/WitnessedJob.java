package dev.holdfast.testkit;

import dev.holdfast.Job;
import dev.holdfast.JobEvent;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.OnPredecessorFailure;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.Rescue;
import dev.holdfast.spi.Transition;
import dev.holdfast.step.StepKind;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The witness's record of one job. Each step returns the promises it breaks, and how. SCHEDULED,
 * BLOCKED and PENDING are one here, as the witness does not see promotions.
 */
final class WitnessedJob {
  /** A store may count in microseconds, and so cut the delay as well as the time it begins at. */
  private static final Duration ROUNDING = Duration.ofNanos(2_000);

  final JobId id;
  final Set<Long> started = new HashSet<>(); // tokens
  private final int maxAttempts;
  private final Optional<Duration> timeout;
  private final Map<Long, Transition> endsByToken = new HashMap<>();
  private JobState state = JobState.PENDING;
  private Instant notBefore;
  private @Nullable Duration delay; // of a retry or snooze: a clock set back makes it no longer
  private long delayedNanos; // when it began
  private @Nullable Lease holder;
  private long lastToken;
  private int attempt;
  private int crashes;
  private int lapses;
  private int toldStarts;
  private boolean isRemoved;
  private boolean isSignalled;
  private long claimedNanos;
  private Instant endedAt = Instant.MAX;
  private @Nullable String checkpoint;
  private final Map<JobId, OnPredecessorFailure> waits =
      new LinkedHashMap<>(); // for those that have not ended
  private @Nullable String doom; // why it was cancelled by the end of another one

  WitnessedJob(JobId id, Instant notBefore, int maxAttempts, Optional<Duration> timeout) {
    this.id = id;
    this.timeout = timeout;
    this.notBefore = notBefore;
    this.maxAttempts = maxAttempts;
  }

  boolean isHeldUnder(Lease lease) {
    return holder != null && holder.token() == lease.token();
  }

  Optional<Lease> holdsUnder(long token) {
    return Optional.ofNullable(holder).filter(lease -> lease.token() == token);
  }

  /** Records that it waits for the end of that job, which is in this state. */
  void waitsFor(JobId on, OnPredecessorFailure ifFailed, JobState stateNow, Instant now) {
    boolean cancels =
        ifFailed == OnPredecessorFailure.CANCEL || waits.get(on) == OnPredecessorFailure.CANCEL;
    waits.put(on, cancels ? OnPredecessorFailure.CANCEL : OnPredecessorFailure.RUN);
    if (state == JobState.PENDING) {
      state = JobState.BLOCKED;
    }
    if (stateNow.isFinished()) {
      predecessorEnded(on, stateNow, now);
    }
  }

  /**
   * A job has ended that it may wait for.
   *
   * @return whether this one is cancelled thereby
   */
  boolean predecessorEnded(JobId on, JobState end, Instant now) {
    if (state != JobState.BLOCKED || !waits.containsKey(on)) {
      return false;
    }
    if (waits.get(on) == OnPredecessorFailure.CANCEL && end != JobState.COMPLETED) {
      doom = "job %s, which was to complete, was %s".formatted(on, end);
      cancelled(now);
      return true;
    }
    waits.remove(on);
    state = waits.isEmpty() ? JobState.PENDING : JobState.BLOCKED;
    return false;
  }

  Map<String, String> claimed(Lease lease, Instant latest, long nanos) {
    Map<String, String> problems = new LinkedHashMap<>();
    if (state == JobState.BLOCKED) {
      problems.put(
          "nothing before its predecessors", "claimed while it waits for " + waits.keySet());
    } else if (state == JobState.CANCELLED && doom != null) {
      problems.put("nothing after a failure that cancels", "claimed, but " + doom);
    } else if (state != JobState.PENDING) {
      problems.put("one holder", "it was claimed while it was " + state);
    }
    if (notBefore.isAfter(latest.plus(ROUNDING)) && !isDelayOver(nanos)) {
      problems.put("nothing before its time", "claimed at %s, due %s".formatted(latest, notBefore));
    }
    if (lease.token() <= lastToken) {
      problems.put("tokens grow", "%d came after %d".formatted(lease.token(), lastToken));
    }
    if (lease.attempt() != attempt + 1) {
      problems.put("attempts count", "%d came after %d".formatted(lease.attempt(), attempt));
    }
    state = JobState.RUNNING;
    holder = lease;
    lastToken = Math.max(lastToken, lease.token());
    attempt = lease.attempt();
    toldStarts++;
    return problems;
  }

  /** Asks a clock that is never set back, as a delay is counted again after that. */
  private boolean isDelayOver(long nanos) {
    return delay != null
        && Duration.ofNanos(nanos - delayedNanos).plus(ROUNDING).compareTo(delay) >= 0;
  }

  Map<String, String> accepted(Acknowledgement end, Instant now, long nanos) {
    long token = end.lease().token();
    @Nullable Transition earlier = endsByToken.get(token);
    if (earlier != null && earlier.equals(end.transition())) {
      return Map.of();
    }
    if (!isHeldUnder(end.lease())) {
      return Map.of(
          "one result",
          "%s was accepted under token %d, which had ended".formatted(end.transition(), token));
    }
    endsByToken.put(token, end.transition());
    boolean silent =
        end.transition() instanceof Transition.Release release && release.why().isEmpty();
    apply(end.transition(), now, nanos);
    if (silent) {
      toldStarts--;
      return started.contains(token)
          ? Map.of("every start is told", "a begun attempt was returned as if it had not")
          : Map.of();
    }
    return Map.of();
  }

  Map<String, String> refused(Lease lease) {
    return isHeldUnder(lease)
        ? Map.of("valid leases count", "token %d was refused".formatted(lease.token()))
        : Map.of();
  }

  void rescued(Rescue rescue, Instant now, long nanos) {
    lapses += rescue.isLapse() ? 1 : 0;
    crashes += rescue.crashed() && !rescue.isLapse() ? 1 : 0;
    apply(rescue.transition(), now, nanos);
  }

  /** A lapse turned out to be a crash, or a crash to be a lapse. */
  void settled(boolean returned) {
    lapses += returned ? 1 : -1;
    crashes += returned ? -1 : 1;
  }

  private void apply(Transition transition, Instant now, long nanos) {
    holder = null;
    if (!(transition instanceof Transition.Release)) { // what is given back was due already
      delay = null;
      delayedNanos = nanos;
    }
    state = waits(transition.kind().to()) ? JobState.PENDING : transition.kind().to();
    if (state.isFinished()) {
      endedAt = now;
    }
    if (transition instanceof Transition.Release) {
      attempt--;
    }
    if (transition instanceof Transition.Snooze snooze) {
      attempt--;
      delay = snooze.delay();
      notBefore = now.plus(delay);
    }
    if (transition instanceof Transition.Await await) {
      attempt--;
      delay = await.signal().timeout();
      notBefore = isSignalled ? Instant.MIN : now.plus(delay);
    }
    if (transition instanceof Transition.Suspend suspend) {
      attempt--;
      delay = suspend.step().limit();
      notBefore =
          suspend.step().kind() == StepKind.SIGNAL && isSignalled ? Instant.MIN : now.plus(delay);
    }
    if (transition instanceof Transition.Retry retry) {
      delay = retry.delay();
      notBefore = now.plus(delay);
    }
  }

  private static boolean waits(JobState state) {
    return state == JobState.SCHEDULED || state == JobState.BLOCKED || state == JobState.PENDING;
  }

  /** Records that it no longer waits for its signal. */
  void signalled(boolean wasBlocked) {
    isSignalled = true;
    notBefore = wasBlocked ? Instant.MIN : notBefore;
  }

  void cancelled(Instant now) {
    holder = null;
    state = JobState.CANCELLED;
    endedAt = now;
  }

  /** A person has reviewed it: the interrupted attempt is given back. */
  Map<String, String> resumed() {
    if (state != JobState.INTERRUPTED) {
      return Map.of("resumes", "it was resumed while it was " + state);
    }
    state = JobState.PENDING;
    notBefore = Instant.MIN;
    attempt--;
    return Map.of();
  }

  /**
   * Records that it was removed.
   *
   * @param latest when it must have ended at the latest; empty for any time
   */
  Map<String, String> removed(Optional<Instant> latest) {
    isRemoved = true;
    if (state == JobState.RUNNING) {
      return Map.of("nothing is lost", "it was removed while it ran");
    }
    boolean tooEarly =
        latest.filter(end -> !state.isFinished() || endedAt.isAfter(end)).isPresent();
    return tooEarly
        ? Map.of(
            "nothing is lost",
            "retention removed it while it was %s since %s".formatted(state, endedAt))
        : Map.of();
  }

  boolean isRemoved() {
    return isRemoved;
  }

  /** The time-out of its attempts, its own or its type's. */
  Optional<Duration> timeout() {
    return timeout;
  }

  JobState state() {
    return state;
  }

  void claimedAt(long nanos) {
    claimedNanos = nanos;
  }

  /** Returns the time since its newest attempt was claimed. */
  Duration ran(long nowNanos) {
    return Duration.ofNanos(nowNanos - claimedNanos);
  }

  Map<String, String> saved(Lease lease, Optional<String> state) {
    boolean held = isHeldUnder(lease);
    checkpoint = state.orElse(null);
    return held
        ? Map.of()
        : Map.of("fenced checkpoints", "token %d saved after its end".formatted(lease.token()));
  }

  /** Checks what an attempt has read, if it holds the lease. */
  Map<String, String> read(long token, Optional<String> state) {
    boolean counts = holdsUnder(token).isPresent();
    return !counts || state.equals(Optional.ofNullable(checkpoint))
        ? Map.of()
        : Map.of(
            "checkpoints last",
            "token %d read %s, saved is %s".formatted(token, state, checkpoint));
  }

  void putBack() {
    state = JobState.PENDING;
    waits.clear();
    doom = null;
    notBefore = Instant.MIN;
    attempt = 0;
    crashes = 0;
    lapses = 0;
  }

  Map<String, String> started(long token, int number) {
    Map<String, String> problems = new LinkedHashMap<>();
    if (!started.add(token)) {
      problems.put("one start per lease", "two handlers started under token " + token);
    }
    if (endsByToken.containsKey(token)) {
      problems.put("one holder", "token %d started after its node had ended it".formatted(token));
    }
    if (number > maxAttempts) {
      problems.put("attempts count", "attempt %d of %d".formatted(number, maxAttempts));
    }
    return problems;
  }

  /** Returns how the store's row and events differ from this record. */
  Map<String, String> differences(Job row, List<JobEvent> events) {
    Map<String, String> problems = new LinkedHashMap<>();
    if (!row.state().isFinished() && row.state() != JobState.INTERRUPTED) {
      String why = waits.isEmpty() ? "" : ", should wait for " + waits.keySet();
      problems.put("nothing is stuck", "it is still %s%s: %s".formatted(row.state(), why, row));
    }
    if ((waits(row.state()) ? JobState.PENDING : row.state()) != state) {
      problems.put("states", "it is %s and should be %s".formatted(row.state(), state));
    }
    if (row.attempt() != attempt || row.crashes() != crashes || row.lapses() != lapses) {
      problems.put(
          "attempts count",
          "attempt %d, %d crashes and %d lapses should be %d, %d and %d"
              .formatted(row.attempt(), row.crashes(), row.lapses(), attempt, crashes, lapses));
    }
    if (row.token() < lastToken) {
      problems.put("tokens grow", "%d came after %d".formatted(row.token(), lastToken));
    }
    long told = events.stream().filter(event -> event.to() == JobState.RUNNING).count();
    if (told != toldStarts) {
      problems.put("every start is told", "%d starts, %d are told".formatted(toldStarts, told));
    }
    gapIn(events, row).ifPresent(gap -> problems.put("no gap in the history", gap));
    return problems;
  }

  private static Optional<String> gapIn(List<JobEvent> events, Job row) {
    Optional<JobState> before = Optional.empty();
    for (JobEvent event : events) {
      boolean follows = event.from().equals(before);
      boolean allowed = before.map(from -> from.mayBecome(event.to())).orElse(true);
      if (!follows || !allowed) {
        return Optional.of("after %s came %s".formatted(before, event));
      }
      before = Optional.of(event.to());
    }
    return before.equals(Optional.of(row.state()))
        ? Optional.empty()
        : Optional.of("it ends with %s, the job is %s".formatted(before, row.state()));
  }
}
