package dev.holdfast.torture.actors;

import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import dev.holdfast.torture.evidence.Deed;
import dev.holdfast.torture.evidence.Task;
import dev.holdfast.torture.evidence.Work;
import dev.holdfast.torture.host.Moment;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;

/** Draws jobs. */
final class TaskDraw {
  private static final int BATCH_MAX = 200;

  private final SplittableRandom random;
  private final long runMillis;
  private int keys;

  /**
   * @param runMillis how long handlers run on average
   * @param keys how many idempotency keys were used before
   */
  TaskDraw(SplittableRandom random, long runMillis, int keys) {
    this.random = random;
    this.runMillis = runMillis;
    this.keys = keys;
  }

  /** How many jobs the next call enqueues: often one, sometimes many. */
  int size() {
    return random.nextInt(3) > 0 ? 1 + random.nextInt(5) : 1 + random.nextInt(BATCH_MAX);
  }

  Task task() {
    Deed deed = deed();
    return new Task(
        id(),
        deed,
        random.nextInt(5) == 0 ? "second" : NewJob.DEFAULT_QUEUE,
        random.nextInt(10) == 0 ? 1 + random.nextInt(9) : 0,
        random.nextInt(20) == 0 ? 100 + random.nextInt(2_000) : 0,
        deed == Deed.DOOMED ? 2 : NewJob.DEFAULT_MAX_ATTEMPTS,
        random.nextInt(20) == 0 ? Optional.of(key()) : Optional.empty(),
        new Work(
            random.nextLong(2 * runMillis + 1),
            1 + random.nextInt(2),
            50 + random.nextInt(400),
            random.nextBoolean()));
  }

  private Deed deed() {
    int draw = random.nextInt(100);
    if (draw < 80) {
      return Deed.COMPLETE;
    }
    if (draw < 86) {
      return Deed.FLAKY;
    }
    if (draw < 91) {
      return Deed.SNOOZE;
    }
    if (draw < 96) {
      return Deed.REPORT;
    }
    return draw < 98 ? Deed.DOOMED : Deed.REFUSE;
  }

  /** Each key is given to two jobs, of which one only may come into being. */
  private String key() {
    return "key-" + keys++ / 2;
  }

  /** A UUID of version 7. */
  private JobId id() {
    long millis = Moment.now().micros() / 1_000;
    long high = millis << 16 | 0x7000L | random.nextInt(1 << 12);
    return new JobId(new UUID(high, 0x8000_0000_0000_0000L | random.nextLong() >>> 2));
  }
}
