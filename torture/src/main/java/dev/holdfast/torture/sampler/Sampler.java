package dev.holdfast.torture.sampler;

import dev.holdfast.JobId;
import dev.holdfast.torture.evidence.Sample;
import dev.holdfast.torture.evidence.Sample.Judgement;
import dev.holdfast.torture.host.LineFile;
import dev.holdfast.torture.host.LineFile.Durability;
import dev.holdfast.torture.host.Moment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;

/**
 * Checks every 100 ms whether a job and a free slot for it have been waiting for longer than
 * tolerated. It logs its findings, which the checker judges.
 *
 * <p>A sample takes a few reads of the store and of the effects logs, and one line synced to disk:
 * less than a worker needs to claim a job and start it. To distinguish a busy machine from a faulty
 * store, a job may take {@value #TOLERANCE} times as long as the slowest sample of the last second,
 * and at least until the next sample; late samples are not judged. Not thread-safe.
 */
public final class Sampler implements AutoCloseable {
  /** The interval of samples, which is also the minimum time for a job to start. */
  private static final long PERIOD_NANOS = Duration.ofMillis(100).toNanos();

  private static final int TOLERANCE = 10;
  private static final int RECENT = 10;

  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final long LATE_NANOS = Duration.ofMillis(50).toNanos();

  /** The tolerance for promotion and the release of dependents. */
  private static final Duration DUTIES = Duration.ofMillis(1_500);

  private final StoreReader store;
  private final Bounds bounds;
  private final LineFile file;
  private Map<String, Long> since = new HashMap<>();

  /** Jobs whose rows are locked by a transaction of a hanging process. */
  private Set<JobId> held = Set.of();

  private long ableSince = Long.MAX_VALUE;
  private long tookTicks = Long.MIN_VALUE;
  private final Queue<Long> recent = new ArrayDeque<>(); // how long the last samples took

  /**
   * The time limits for taking over jobs of other processes.
   *
   * @param proven the limit for jobs of a process that ended
   * @param silent the limit for jobs of a process that is suspended or cut off
   */
  public record Bounds(Duration proven, Duration silent) {}

  /**
   * Creates a sampler of a store.
   *
   * @param url the driver's URL of the store
   */
  public Sampler(Path folder, String url, Bounds bounds) {
    this.store = new StoreReader(url);
    this.bounds = bounds;
    this.file = new LineFile(folder.resolve(Sample.FILE), Durability.POWER_CUT);
  }

  /** Takes a sample if one is due. */
  public void take(List<? extends Hands> workers, Obstacles obstacles) {
    Moment now = Moment.now();
    if (tookTicks != Long.MIN_VALUE && now.ticks() - tookTicks < PERIOD_NANOS) {
      return;
    }
    boolean isLate =
        tookTicks != Long.MIN_VALUE && now.ticks() - tookTicks > PERIOD_NANOS + LATE_NANOS;
    tookTicks = now.ticks();
    file.append(sample(now, isLate, workers, obstacles).line());
    recent.add(Moment.now().ticks() - now.ticks());
    if (recent.size() > RECENT) {
      recent.remove();
    }
  }

  /** Returns the maximum time for a job to start. */
  private long tolerance() {
    long slowest = recent.stream().mapToLong(Long::longValue).max().orElse(0);
    return Math.max(PERIOD_NANOS, TOLERANCE * slowest);
  }

  private Sample sample(
      Moment now, boolean isLate, List<? extends Hands> workers, Obstacles obstacles) {
    Optional<Look> look = store.look(now.micros() - DUTIES.toNanos() / 1_000);
    if (look.isEmpty() || obstacles.isStoreAway()) {
      since.clear();
      return new Sample(now, Judgement.UNJUDGED, "the store is unavailable");
    }
    if (!obstacles.someHang()) {
      held = Set.of();
    }
    Optional<String> idle = idle(now.ticks(), look.get(), workers, obstacles);
    if (idle.isPresent() && obstacles.someHang()) {
      held = store.locked(look.get().jobs());
      idle = idle(now.ticks(), look.get(), workers, obstacles);
    }
    if (isLate) {
      return new Sample(now, Judgement.UNJUDGED, "late");
    }
    if (idle.isPresent() && obstacles.someHang() && !store.canBeWritten()) {
      since.clear();
      return new Sample(now, Judgement.UNJUDGED, "a hanging process holds the store");
    }
    return idle.map(what -> new Sample(now, Judgement.IDLE, what))
        .orElse(new Sample(now, Judgement.FINE, "-"));
  }

  /** Returns the first job that has waited too long while a slot was free. */
  private Optional<String> idle(
      long ticks, Look look, List<? extends Hands> workers, Obstacles obstacles) {
    List<? extends Hands> able =
        workers.stream()
            .filter(Hands::canWork)
            .filter(worker -> !obstacles.rows().contains(worker.name()))
            .toList();
    ableSince = able.isEmpty() ? ticks : Math.min(ableSince, ticks);
    Map<String, Duration> waiting = waiting(look, workers, obstacles);
    Map<String, Long> seen = new HashMap<>();
    waiting.keySet().forEach(what -> seen.put(what, since.getOrDefault(what, ticks)));
    since = seen;
    long tolerance = tolerance();
    boolean isFree =
        able.stream()
            .map(Hands::freeSince)
            .flatMapToLong(OptionalLong::stream)
            .anyMatch(free -> ticks - free >= tolerance);
    return isFree
        ? waiting.entrySet().stream()
            .filter(what -> waits(what.getKey(), ticks) >= what.getValue().toNanos() + tolerance)
            .map(Map.Entry::getKey)
            .min(String::compareTo)
            .map(what -> what + " longer than " + tolerance / NANOS_PER_MILLI + " ms")
        : Optional.empty();
  }

  /** Returns how long it has been waiting while a process could have acted. */
  private long waits(String what, long ticks) {
    return ticks - Math.max(since.getOrDefault(what, ticks), ableSince);
  }

  /** Returns what currently waits, with the maximum times. */
  private Map<String, Duration> waiting(
      Look look, List<? extends Hands> workers, Obstacles obstacles) {
    Map<String, Duration> waiting = new HashMap<>();
    Set<String> queues = new HashSet<>(obstacles.rows());
    for (Look.Front front : look.fronts()) {
      if (!isLocked(front.job(), obstacles) && queues.add(front.queue())) {
        waiting.put("pending " + front.job(), Duration.ZERO);
      }
    }
    for (Look.Held held : look.held()) {
      if (!isLocked(held.job(), obstacles)) {
        unheld(held, workers, obstacles).ifPresent(bound -> waiting.put(bound.what, bound.time));
      }
    }
    if (!obstacles.isClockOff()) {
      put(waiting, "overdue ", look.overdue(), obstacles);
    }
    put(waiting, "released ", look.released(), obstacles);
    return waiting;
  }

  private void put(
      Map<String, Duration> waiting, String what, List<JobId> jobs, Obstacles obstacles) {
    jobs.stream()
        .filter(job -> !isLocked(job, obstacles))
        .forEach(job -> waiting.put(what + job, DUTIES));
  }

  private boolean isLocked(JobId job, Obstacles obstacles) {
    return held.contains(job) || obstacles.rows().contains(job.toString());
  }

  private record Bound(String what, Duration time) {}

  /** Returns the limit for a job whose row is running but whose handler is not. */
  private Optional<Bound> unheld(
      Look.Held held, List<? extends Hands> workers, Obstacles obstacles) {
    String job = " " + held.job() + " of " + held.node();
    Optional<? extends Hands> holder =
        workers.stream().filter(worker -> worker.name().equals(held.node())).findFirst();
    if (holder.isEmpty()) {
      Duration bound = obstacles.sinceRestart() ? bounds.silent() : bounds.proven();
      return Optional.of(new Bound("abandoned" + job, bound));
    }
    if (holder.get().holdsRow(held.job())) {
      return Optional.empty();
    }
    if (holder.get().isAway()) {
      return Optional.of(new Bound("frozen" + job, bounds.silent()));
    }
    return !held.isLimited()
            && holder.get().canWork()
            && holder.get().freeSince().isPresent()
            && !holder.get().hasBegun(held.job(), held.token())
        ? Optional.of(new Bound("unstarted" + job, Duration.ZERO))
        : Optional.empty();
  }

  @Override
  public void close() {
    store.close();
    file.close();
  }
}
