package dev.holdfast.torture.actors;

import dev.holdfast.NewJob;
import dev.holdfast.torture.evidence.Behaviour;
import dev.holdfast.torture.evidence.Task;
import dev.holdfast.torture.evidence.Work;
import java.util.Optional;
import java.util.SplittableRandom;

/** Draws jobs. */
final class TaskDraw {
  private static final int BATCH_MAX = 200;

  private final SplittableRandom random;
  private final long runMillis;
  private int keys;
  private int tasks;

  /**
   * @param runMillis the average run time of handlers
   * @param keys the number of idempotency keys used before
   * @param tasks the number of jobs requested before
   */
  TaskDraw(SplittableRandom random, long runMillis, int keys, int tasks) {
    this.random = random;
    this.runMillis = runMillis;
    this.keys = keys;
    this.tasks = tasks;
  }

  /** Draws the number of jobs for the next call: often one, sometimes many. */
  int size() {
    return random.nextInt(3) > 0 ? 1 + random.nextInt(5) : 1 + random.nextInt(BATCH_MAX);
  }

  Task task() {
    Behaviour behaviour = behaviour();
    tasks++;
    return new Task(
        Task.newId(random),
        behaviour,
        random.nextInt(5) == 0 ? "second" : NewJob.DEFAULT_QUEUE,
        random.nextInt(10) == 0 ? 1 + random.nextInt(9) : 0,
        random.nextInt(20) == 0 ? 100 + random.nextInt(2_000) : 0,
        maxAttempts(behaviour),
        random.nextInt(20) == 0 ? Optional.of(key(behaviour)) : Optional.empty(),
        Optional.empty(),
        new Work(
            random.nextLong(2 * runMillis + 1),
            1 + random.nextInt(2),
            50 + random.nextInt(400),
            random.nextBoolean()));
  }

  private Behaviour behaviour() {
    int draw = random.nextInt(100);
    if (draw < 76) {
      return Behaviour.COMPLETE;
    }
    if (draw < 80) {
      return Behaviour.TRANSACT;
    }
    if (draw < 86) {
      return Behaviour.FLAKY;
    }
    if (draw < 91) {
      return Behaviour.SNOOZE;
    }
    if (draw < 96) {
      return Behaviour.REPORT;
    }
    return draw < 98 ? Behaviour.DOOMED : Behaviour.REFUSE;
  }

  /**
   * Returns the maximum number of attempts; a broken transaction uses one without the job's fault.
   */
  private static int maxAttempts(Behaviour behaviour) {
    return switch (behaviour) {
      case DOOMED -> 2;
      case TRANSACT -> 20;
      default -> NewJob.DEFAULT_MAX_ATTEMPTS;
    };
  }

  /** Returns a key that several jobs share, of which only one may be enqueued. */
  private String key(Behaviour behaviour) {
    keys++;
    return behaviour == Behaviour.COMPLETE && random.nextInt(4) == 0
        ? Task.sharedKey(tasks)
        : "key-" + keys / 2;
  }
}
