package dev.holdfast.torture.actors;

import dev.holdfast.JobContext;
import dev.holdfast.JobHandler;
import dev.holdfast.Outcome;
import dev.holdfast.error.HoldfastException;
import dev.holdfast.error.NotRetryableException;
import dev.holdfast.jdbc.JdbcTransaction;
import dev.holdfast.torture.evidence.Behaviour;
import dev.holdfast.torture.evidence.Effect;
import dev.holdfast.torture.evidence.Work;
import dev.holdfast.torture.host.Rest;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Handles jobs of one behaviour. Each step is in the effects log before it can have consequences.
 */
final class Labourer implements JobHandler<Work> {
  private final Behaviour behaviour;
  private final EffectsLog effects;
  private final Ledger ledger;

  Labourer(Behaviour behaviour, EffectsLog effects, Ledger ledger) {
    this.behaviour = behaviour;
    this.effects = effects;
    this.ledger = ledger;
  }

  @Override
  public @Nullable Object run(Work work, JobContext job) throws InterruptedException {
    effects.begins(job);
    job.onCancel(() -> effects.isTold(job));
    labour(work, job);
    return switch (behaviour) {
      case COMPLETE, EXCLUSIVE, REPORT -> complete(job);
      case TRANSACT -> transact(work, job);
      case FLAKY -> job.attempt() <= work.times() ? fail(work, job) : complete(job);
      case SNOOZE -> job.token() <= work.times() ? snooze(work, job) : complete(job);
      case DOOMED -> fail(work, job);
      case REFUSE -> refuse(job);
    };
  }

  private void labour(Work work, JobContext job) throws InterruptedException {
    if (behaviour == Behaviour.REPORT) {
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

  /** Completes the job with a result that names the attempt. */
  private Object complete(JobContext job) {
    effects.ends(job, Effect.COMPLETES, 0);
    return job.token();
  }

  /**
   * Completes the job in a transaction; a broken one is retried later, as it may have been
   * committed.
   */
  private Object transact(Work work, JobContext job) {
    try (Connection connection = ledger.begin(job.id(), job.token())) {
      effects.opens(job);
      job.completeIn(JdbcTransaction.of(connection), job.token());
      if (work.leavesOpen()) {
        Rest.whateverHappens(Duration.ofMillis(work.runMillis()));
      }
      connection.commit();
      return complete(job);
    } catch (SQLException | HoldfastException broken) {
      effects.ends(job, "breaks", work.delayMillis());
      return Outcome.snooze(Duration.ofMillis(work.delayMillis()));
    }
  }

  private Object fail(Work work, JobContext job) {
    effects.ends(job, "fails", work.delayMillis());
    return Outcome.retryIn(Duration.ofMillis(work.delayMillis()), "as its behaviour demands");
  }

  private Object snooze(Work work, JobContext job) {
    effects.ends(job, "snoozes", work.delayMillis());
    return Outcome.snooze(Duration.ofMillis(work.delayMillis()));
  }

  private Object refuse(JobContext job) {
    effects.ends(job, "refuses", 0);
    throw new NotRetryableException("as its behaviour demands");
  }
}
