package dev.holdfast.torture.mutants;

import dev.holdfast.Enqueued;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.record.JobDraft;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Acknowledges an enqueue before it is committed. */
final class EarlyAnswer extends Changes {
  EarlyAnswer(JobStore behind) {
    super(behind);
  }

  private static final Executor LATER =
      CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS);

  public List<Enqueued> enqueue(List<JobDraft> jobs) {
    LATER.execute(() -> behind.enqueue(jobs));
    return jobs.stream().map(job -> new Enqueued(job.id(), false)).toList();
  }
}
