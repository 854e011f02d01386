package dev.holdfast.testkit;

import static dev.holdfast.testkit.VirtualHandlerThreads.sleep;

import dev.holdfast.JobContext;
import dev.holdfast.JobHandler;
import dev.holdfast.NotRetryableException;
import dev.holdfast.Outcome;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** User code of every sort: quick, slow, failing, deaf, deadly. */
final class SimulatedHandler implements JobHandler<Integer> {
  private final SplittableRandom random;
  private final Witness witness;
  private final BooleanSupplier calm;
  private final Runnable killOwnProcess;

  /**
   * @param calm whether it shall just do its work
   * @param killOwnProcess plans the death of the process that it runs in
   */
  SimulatedHandler(
      SplittableRandom random, Witness witness, BooleanSupplier calm, Runnable killOwnProcess) {
    this.random = random;
    this.witness = witness;
    this.calm = calm;
    this.killOwnProcess = killOwnProcess;
  }

  @Override
  public @Nullable Object run(Integer payload, JobContext job) throws InterruptedException {
    witness.started(job);
    try {
      Object result = calm.getAsBoolean() ? quickly(payload) : somehow(payload, job);
      witness.ended(job);
      return result;
    } catch (InterruptedException | RuntimeException failure) {
      witness.ended(job);
      throw failure;
    }
  }

  private Object quickly(Integer payload) throws InterruptedException {
    sleep(millis(50));
    return payload;
  }

  private Object somehow(Integer payload, JobContext job) throws InterruptedException {
    if (random.nextInt(4) == 0) {
      job.log("working on " + payload);
      job.progress(random.nextInt(101), "");
    }
    work(job);
    return end(payload);
  }

  private void work(JobContext job) throws InterruptedException {
    int sort = random.nextInt(100);
    if (sort < 70) {
      sleep(millis(300));
    } else if (sort < 90) {
      sleep(millis(5_000));
      job.progress(50, "half");
      sleep(millis(5_000));
    } else if (sort < 95) {
      sleep(millis(60_000));
    } else {
      witness.ended(job); // it may be abandoned, and nobody can tell what it does then
      sleepDeaf(millis(40_000));
    }
  }

  /** Swallows every interrupt. */
  private static void sleepDeaf(Duration duration) {
    for (int i = 0; i < 10; i++) {
      try {
        sleep(duration.dividedBy(10));
      } catch (InterruptedException deaf) {
        // that is what deaf means
      }
    }
  }

  private Object end(Integer payload) throws InterruptedException {
    int sort = random.nextInt(100);
    if (sort < 70) {
      return payload;
    }
    if (sort < 85) {
      throw new IllegalArgumentException("simulated failure");
    }
    if (sort < 90) {
      return Outcome.snooze(millis(3_000));
    }
    if (sort < 93) {
      throw new NotRetryableException("simulated refusal");
    }
    if (sort < 97) {
      return Outcome.retryIn(millis(2_000), "simulated wish");
    }
    killOwnProcess.run();
    sleep(Duration.ofMinutes(1));
    return payload;
  }

  private Duration millis(int most) {
    return Duration.ofMillis(random.nextInt(most + 1));
  }
}
