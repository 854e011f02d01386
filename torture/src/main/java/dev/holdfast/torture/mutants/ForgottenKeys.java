package dev.holdfast.torture.mutants;

import dev.holdfast.Enqueued;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.record.JobDraft;
import java.util.ArrayList;
import java.util.List;

/** Forgets idempotency keys. */
final class ForgottenKeys extends Changes {
  ForgottenKeys(JobStore behind) {
    super(behind);
  }

  /** Enqueues without keys, but returns the result that the producer expects for a known key. */
  public List<Enqueued> enqueue(List<JobDraft> jobs) {
    List<Enqueued> known = new ArrayList<>(behind.enqueue(jobs));
    List<JobDraft> again =
        jobs.stream().filter(job -> job.key().isPresent()).map(Drafts::withoutKey).toList();
    behind.enqueue(again);
    return known;
  }
}
