package dev.holdfast.torture.mutants;

import dev.holdfast.Enqueued;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.record.JobDraft;
import java.util.List;

/** Forgets the delays of jobs. */
final class BeforeTheirTime extends Changes {
  BeforeTheirTime(JobStore behind) {
    super(behind);
  }

  public List<Enqueued> enqueue(List<JobDraft> jobs) {
    return behind.enqueue(jobs.stream().map(Drafts::atOnce).toList());
  }
}
