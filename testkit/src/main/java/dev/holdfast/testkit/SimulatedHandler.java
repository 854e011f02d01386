package dev.holdfast.testkit;

import static dev.holdfast.test.time.VirtualHandlerThreads.sleep;

import dev.holdfast.JobContext;
import dev.holdfast.JobHandler;
import dev.holdfast.OnSignalTimeout;
import dev.holdfast.Outcome;
import dev.holdfast.error.NotRetryableException;
import dev.holdfast.error.StaleLeaseException;
import dev.holdfast.error.StoreUnavailableException;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** User code of every kind: fast, slow, failing, unresponsive, crashing. */
final class SimulatedHandler implements JobHandler<Integer> {
  /** The only checkpoint name that these handlers use. */
  static final String CHECKPOINT = "at";

  /** The only signal that they ask for. */
  static final String SIGNAL = "go";

  private final SplittableRandom random;
  private final Witness witness;
  private final BooleanSupplier calm;
  private final Runnable killOwnProcess;

  /**
   * @param calm whether it only does its work
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
      atStore(job, () -> witness.read(job, job.checkpoint(CHECKPOINT, Long.class)));
      Object result = calm.getAsBoolean() ? quickly(payload) : somehow(payload, job);
      witness.returned(job);
      return result;
    } catch (InterruptedException | RuntimeException failure) {
      if (failure instanceof InterruptedException) {
        sayLastWord(job);
      }
      witness.returned(job);
      throw failure;
    }
  }

  /** Saves a checkpoint when asked to stop, as real handlers do. */
  private void sayLastWord(JobContext job) {
    if (random.nextInt(3) != 0) {
      return;
    }
    try {
      atStore(job, () -> job.checkpoint(CHECKPOINT, random.nextLong()));
    } catch (StaleLeaseException | StoreUnavailableException refused) {
      // then the checkpoint is lost
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
    if (random.nextInt(3) == 0) {
      atStore(job, () -> saveAndRead(job));
    }
    return end(payload);
  }

  /** Calls the store without interruption: the handler may be abandoned meanwhile. */
  private void atStore(JobContext job, Runnable call) {
    witness.ended(job);
    try {
      call.run();
    } finally {
      if (!job.isCancelled()) {
        witness.goesOn(job);
      }
    }
  }

  private void saveAndRead(JobContext job) {
    for (int i = random.nextInt(4); i > 0; i--) {
      if (random.nextInt(6) == 0) {
        job.removeCheckpoint(CHECKPOINT);
      } else {
        saveBoldly(job);
      }
      witness.read(job, job.checkpoint(CHECKPOINT, Long.class));
    }
  }

  /** Continues after a save whose outcome is unknown. */
  private void saveBoldly(JobContext job) {
    try {
      job.checkpoint(CHECKPOINT, random.nextLong());
    } catch (StoreUnavailableException unknown) {
      if (random.nextBoolean()) {
        throw unknown;
      }
    }
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
    } else if (sort < 96) {
      witness.ended(job);
      sleepDeaf(millis(120_000));
    } else {
      witness.ended(job); // it may be abandoned, and then its actions are unpredictable
      sleepDeaf(millis(40_000));
    }
  }

  /** Sleeps and ignores every interrupt. */
  private static void sleepDeaf(Duration duration) {
    for (int i = 0; i < 10; i++) {
      try {
        sleep(duration.dividedBy(10));
      } catch (InterruptedException deaf) {
        // an unresponsive handler ignores interrupts
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
      return payload % 2 == 0
          ? Outcome.snooze(millis(3_000))
          : Outcome.untilSignal(SIGNAL, millis(3_000).plusMillis(1), OnSignalTimeout.RUN);
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
