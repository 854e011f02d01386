package dev.holdfast.torture.mutants;

import dev.holdfast.Enqueued;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.record.JobDraft;
import java.util.ArrayList;
import java.util.List;

/** Writes all jobs of a batch but the first. */
final class HalfBatch extends Changes {
  HalfBatch(JobStore behind) {
    super(behind);
  }

  public List<Enqueued> enqueue(List<JobDraft> jobs) {
    if (jobs.size() < 2) {
      return behind.enqueue(jobs);
    }
    List<Enqueued> answers = new ArrayList<>(behind.enqueue(jobs.subList(1, jobs.size())));
    answers.add(0, new Enqueued(jobs.get(0).id(), false));
    return answers;
  }
}
