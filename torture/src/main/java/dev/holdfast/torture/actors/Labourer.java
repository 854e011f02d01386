package dev.holdfast.torture.actors;

import dev.holdfast.JobContext;
import dev.holdfast.JobHandler;
import dev.holdfast.NotRetryableException;
import dev.holdfast.Outcome;
import dev.holdfast.torture.evidence.Deed;
import dev.holdfast.torture.evidence.Effect;
import dev.holdfast.torture.evidence.Work;
import dev.holdfast.torture.host.Rest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Handles jobs of one deed. Each step stands in the effects log before it can have consequences.
 */
final class Labourer implements JobHandler<Work> {
  private final Deed deed;
  private final EffectsLog effects;

  Labourer(Deed deed, EffectsLog effects) {
    this.deed = deed;
    this.effects = effects;
  }

  @Override
  public @Nullable Object run(Work work, JobContext job) throws InterruptedException {
    effects.begins(job);
    job.onCancel(() -> effects.isTold(job));
    labour(work, job);
    return switch (deed) {
      case COMPLETE, REPORT -> complete(job);
      case FLAKY -> job.attempt() <= work.times() ? fail(work, job) : complete(job);
      case SNOOZE -> job.token() <= work.times() ? snooze(work, job) : complete(job);
      case DOOMED -> fail(work, job);
      case REFUSE -> refuse(job);
    };
  }

  private void labour(Work work, JobContext job) throws InterruptedException {
    if (deed == Deed.REPORT) {
      job.progress(50, "half-way");
      job.log("working for " + work.runMillis() + " ms");
    }
    Duration time = Duration.ofMillis(work.runMillis());
    if (work.stubborn()) {
      Rest.whateverHappens(time);
      return;
    }
    try {
      Rest.orBeInterrupted(time);
    } catch (InterruptedException told) {
      effects.ends(job, Effect.INTERRUPTED, 0);
      throw told;
    }
  }

  /** The result names the attempt that it is of. */
  private Object complete(JobContext job) {
    effects.ends(job, Effect.COMPLETES, 0);
    return job.token();
  }

  private Object fail(Work work, JobContext job) {
    effects.ends(job, "fails", work.delayMillis());
    return Outcome.retryIn(Duration.ofMillis(work.delayMillis()), "as it was told to");
  }

  private Object snooze(Work work, JobContext job) {
    effects.ends(job, "snoozes", work.delayMillis());
    return Outcome.snooze(Duration.ofMillis(work.delayMillis()));
  }

  private Object refuse(JobContext job) {
    effects.ends(job, "refuses", 0);
    throw new NotRetryableException("as it was told to");
  }
}
