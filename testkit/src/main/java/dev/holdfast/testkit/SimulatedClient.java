package dev.holdfast.testkit;

import dev.holdfast.Enqueued;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue;
import dev.holdfast.MonitorConfig.Action;
import dev.holdfast.NewJob;
import dev.holdfast.OnPredecessorFailure;
import dev.holdfast.error.ConflictException;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.error.NotFoundException;
import dev.holdfast.error.StoreUnavailableException;
import dev.holdfast.test.time.VirtualProcess;
import dev.holdfast.test.time.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * A client that enqueues jobs and acts on them as people do. After an unknown outcome it usually
 * repeats the same call with the same ids; sometimes it gives up instead, and then knows nothing.
 */
final class SimulatedClient {
  private static final Duration REPEAT_AFTER = Duration.ofMillis(200);

  /** The actor of its changes. */
  static final String BY = "client";

  private static final List<String> TYPES = List.of("resume", "hold", "fail");

  private final SplittableRandom random;
  private final VirtualTime time;
  private final VirtualProcess process;
  private final JobQueue queue;
  private final Witness witness;
  private final boolean hasChains;
  private final List<JobId> known = new ArrayList<>();
  private int unanswered;

  /**
   * @param hasChains whether some of its jobs wait for others
   */
  SimulatedClient(
      SplittableRandom random,
      VirtualTime time,
      VirtualProcess process,
      JobQueue queue,
      Witness witness,
      boolean hasChains) {
    this.random = random;
    this.time = time;
    this.process = process;
    this.queue = queue;
    this.witness = witness;
    this.hasChains = hasChains;
  }

  /** Returns whether every call was answered or given up. */
  boolean isDone() {
    return unanswered == 0;
  }

  /** Makes one call. */
  void act() {
    int sort = random.nextInt(20);
    if (sort < 10 || known.isEmpty()) {
      enqueue();
      return;
    }
    List<JobId> one = List.of(anyKnown());
    repeatUntilAnswered(
        switch (sort) {
          case 10, 11 -> () -> queue.cancel(one, BY);
          case 12, 13 -> () -> queue.retry(one, BY);
          case 14, 15 -> () -> queue.resume(known, BY);
          case 16 -> () -> signal(one.get(0));
          case 17 -> () -> queue.move(one, "q" + random.nextInt(3));
          case 18 -> () -> queue.delete(one);
          default -> this::recoverStuck;
        });
  }

  /** Takes jobs from their nodes, which may be alive. */
  private void recoverStuck() {
    Duration longerThan = Duration.ofMillis(500 + random.nextInt(20_000));
    Action action = random.nextInt(3) == 0 ? Action.FAIL : Action.RETRY;
    queue
        .maintenance()
        .recoverStuck(longerThan, JobFilter.all(), action, 1 + random.nextInt(5), BY);
  }

  /** Sends a signal; the job's handler asks for it before, after or never. */
  private void signal(JobId id) {
    try {
      queue.signal(id, SimulatedHandler.SIGNAL, 1, BY);
    } catch (ConflictException | NotFoundException tooLate) {
      // it has ended
    }
  }

  private JobId anyKnown() {
    return known.get(random.nextInt(known.size()));
  }

  private void enqueue() {
    List<NewJob> jobs = new ArrayList<>();
    int count = 1 + random.nextInt(6);
    List<JobId> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      NewJob job = newJob();
      jobs.add(hasChains && random.nextInt(3) == 0 ? behind(ids, job) : job);
      job.id().ifPresent(ids::add);
    }
    repeatUntilAnswered(() -> enqueue(jobs));
  }

  private void enqueue(List<NewJob> jobs) {
    try {
      queue.enqueue(jobs).stream().map(Enqueued::id).forEach(this::learn);
    } catch (InvalidRequestException refused) {
      if (!hasChains || !String.valueOf(refused.getMessage()).contains("does not exist")) {
        throw refused;
      }
      // a predecessor of one of them was deleted; nothing was written
    }
  }

  /** Appends a job to a chain, or to several of them. */
  private NewJob behind(List<JobId> sameCall, NewJob job) {
    NewJob waiting = job;
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      boolean isNear = known.isEmpty() || random.nextBoolean();
      if (isNear && sameCall.isEmpty()) {
        return waiting;
      }
      JobId first = isNear ? sameCall.get(random.nextInt(sameCall.size())) : anyKnown();
      OnPredecessorFailure ifFailed =
          random.nextBoolean() ? OnPredecessorFailure.CANCEL : OnPredecessorFailure.RUN;
      waiting = waiting.after(ifFailed, List.of(first));
    }
    return waiting;
  }

  private void learn(JobId id) {
    known.add(id);
    witness.acknowledgedToClient(id);
  }

  private NewJob newJob() {
    NewJob job =
        NewJob.of(TYPES.get(random.nextInt(TYPES.size())), random.nextInt(1_000))
            .withId(new JobId(new UUID(random.nextLong(), random.nextLong())))
            .on("q" + random.nextInt(3))
            .priority(random.nextInt(5) - 2)
            .maxAttempts(1 + random.nextInt(4));
    if (random.nextInt(3) == 0) {
      job = job.in(Duration.ofMillis(random.nextInt(10_000)));
    }
    if (random.nextInt(5) == 0) {
      job = job.unique("key" + random.nextInt(5)).group("g" + random.nextInt(2));
    }
    if (random.nextInt(8) == 0) {
      job = job.timeout(Duration.ofMillis(200 + random.nextInt(5_000)));
    }
    return job;
  }

  private void repeatUntilAnswered(Runnable call) {
    unanswered++;
    attempt(call);
  }

  private void attempt(Runnable call) {
    try {
      call.run();
      unanswered--;
    } catch (StoreUnavailableException unknown) {
      if (random.nextInt(10) == 0) {
        unanswered--;
        return;
      }
      time.plan(process, REPEAT_AFTER, () -> attempt(call));
    }
  }
}
