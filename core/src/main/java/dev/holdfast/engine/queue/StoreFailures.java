package dev.holdfast.engine.queue;

import dev.holdfast.FailureGroup;
import dev.holdfast.FailureReport;
import dev.holdfast.Failures;
import dev.holdfast.Fingerprint;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue;
import dev.holdfast.check.Check;
import dev.holdfast.error.NotFoundException;
import dev.holdfast.search.FailureQuery;
import dev.holdfast.spi.FailureStore;
import dev.holdfast.spi.JobStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The dead letters of a store, by the reason of their failure. */
final class StoreFailures implements Failures {
  private final JobStore store;

  StoreFailures(JobStore store) {
    this.store = store;
  }

  @Override
  public FailureReport list(FailureQuery query) {
    return store.insights().failures().list(query);
  }

  @Override
  public Optional<FailureGroup> find(Fingerprint fingerprint) {
    return store.insights().failures().find(fingerprint);
  }

  @Override
  public Changed retry(Fingerprint fingerprint, String by) {
    return change(fingerprint, ids -> store.retry(ids, by));
  }

  @Override
  public Changed delete(Fingerprint fingerprint) {
    return change(fingerprint, store::delete);
  }

  private Changed change(
      Fingerprint fingerprint, Function<List<JobId>, List<JobQueue.Changed>> change) {
    List<JobId> found = store.insights().failures().jobs(fingerprint, CHANGED_MAX + 1);
    boolean isMore = found.size() > CHANGED_MAX;
    List<JobId> some = isMore ? found.subList(0, CHANGED_MAX) : found;
    long done =
        some.isEmpty() ? 0 : change.apply(some).stream().filter(JobQueue.Changed::done).count();
    return new Changed((int) done, isMore);
  }

  @Override
  public FailureGroup mute(Fingerprint fingerprint, Optional<Instant> until, String by) {
    until.ifPresent(time -> Check.time("the end of a mute", time));
    FailureStore failures = store.insights().failures();
    if (failures.find(fingerprint).isEmpty()) {
      throw new NotFoundException("no dead letter has the fingerprint " + fingerprint);
    }
    failures.mute(fingerprint, until, by);
    return failures
        .find(fingerprint)
        .orElseThrow(
            () -> new NotFoundException("no dead letter has the fingerprint " + fingerprint));
  }

  @Override
  public boolean unmute(Fingerprint fingerprint) {
    return store.insights().failures().unmute(fingerprint);
  }
}
