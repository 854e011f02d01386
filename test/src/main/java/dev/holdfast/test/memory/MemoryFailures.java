package dev.holdfast.test.memory;

import dev.holdfast.Failure;
import dev.holdfast.FailureGroup;
import dev.holdfast.FailureGroup.Mute;
import dev.holdfast.FailureReport;
import dev.holdfast.Fingerprint;
import dev.holdfast.Job;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.check.Check;
import dev.holdfast.search.FailureQuery;
import dev.holdfast.spi.FailureStore;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The dead letters of a memory store by the reason of their failure, computed from all rows. */
final class MemoryFailures implements FailureStore {
  private final MemoryJobStore store;
  private final MemoryTables tables;

  MemoryFailures(MemoryJobStore store, MemoryTables tables) {
    this.store = store;
    this.tables = tables;
  }

  private static Fingerprint fingerprint(Job job) {
    return Fingerprint.of(job.type(), job.failure().orElseThrow());
  }

  private static Instant end(Job job) {
    return job.finishedAt().orElseThrow();
  }

  /** Returns all dead letters, the oldest failures first. */
  private List<Job> dead() {
    return store.locked(
        (now, signals) ->
            tables.in(JobState.FAILED).stream()
                .map(tables::job)
                .sorted(Comparator.comparing(MemoryFailures::end).thenComparing(Job::id))
                .toList());
  }

  private Optional<Mute> mute(Fingerprint fingerprint) {
    return store.locked(
        (now, signals) ->
            Optional.ofNullable(tables.mutes.get(fingerprint))
                .filter(mute -> mute.until().map(now::isBefore).orElse(true)));
  }

  private FailureGroup group(Fingerprint fingerprint, List<Job> same) {
    Instant last = end(same.get(same.size() - 1));
    Job example = same.stream().filter(job -> end(job).equals(last)).findFirst().orElseThrow();
    Failure failure = example.failure().orElseThrow();
    return new FailureGroup(
        fingerprint,
        example.type(),
        Failure.of(failure.kind(), failure.message()),
        same.size(),
        end(same.get(0)),
        last,
        example.id(),
        mute(fingerprint));
  }

  @Override
  public FailureReport list(FailureQuery query) {
    Map<Fingerprint, List<Job>> all =
        dead().stream()
            .filter(job -> query.queue().map(job.queue()::equals).orElse(true))
            .filter(job -> query.type().map(job.type()::equals).orElse(true))
            .filter(job -> query.since().map(since -> !end(job).isBefore(since)).orElse(true))
            .collect(Collectors.groupingBy(MemoryFailures::fingerprint));
    List<FailureGroup> groups =
        all.entrySet().stream()
            .map(entry -> group(entry.getKey(), entry.getValue()))
            .sorted(
                Comparator.comparingLong((FailureGroup group) -> -group.jobs())
                    .thenComparing(group -> group.fingerprint().value()))
            .toList();
    return new FailureReport(
        groups.stream()
            .filter(
                group -> query.muted().map(muted -> muted == group.mute().isPresent()).orElse(true))
            .limit(query.limit())
            .toList(),
        groups.stream().mapToLong(FailureGroup::jobs).sum(),
        groups.stream()
            .filter(group -> group.mute().isPresent())
            .mapToLong(FailureGroup::jobs)
            .sum(),
        true);
  }

  @Override
  public Optional<FailureGroup> find(Fingerprint fingerprint) {
    List<Job> same = dead().stream().filter(job -> fingerprint(job).equals(fingerprint)).toList();
    return same.isEmpty() ? Optional.empty() : Optional.of(group(fingerprint, same));
  }

  @Override
  public List<JobId> jobs(Fingerprint fingerprint, int limit) {
    return dead().stream()
        .filter(job -> fingerprint(job).equals(fingerprint))
        .limit(limit)
        .map(Job::id)
        .toList();
  }

  @Override
  public void mute(Fingerprint fingerprint, Optional<Instant> until, String by) {
    store.locked(
        (now, signals) -> {
          until.ifPresent(
              end -> Check.that(end.isAfter(now), "a mute must end in the future, was %s", end));
          return tables.mutes.put(fingerprint, new Mute(until, by)) == null;
        });
  }

  @Override
  public boolean unmute(Fingerprint fingerprint) {
    boolean isMuted = mute(fingerprint).isPresent();
    return store.locked((now, signals) -> tables.mutes.remove(fingerprint) != null) && isMuted;
  }

  /** Fingerprints are not stored. */
  @Override
  public int fill(int limit) {
    return 0;
  }
}
