package dev.holdfast.spi;

import dev.holdfast.JobId;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * Creates job ids: UUIDs of version 7 (RFC 9562, section 5.7) with a counter in the twelve bits
 * after the milliseconds (section 6.2, method 1), so that the ids of one process ascend.
 */
public final class JobIds {
  private static final int COUNTER_BITS = 12;
  private static final long VERSION_7 = 0x7000L;
  private static final long VARIANT = 0x8000_0000_0000_0000L;

  private final TimeSource time;
  private final RandomGenerator random;
  private final AtomicLong last = new AtomicLong(); // milliseconds and counter in one number

  /**
   * Creates a generator of ids.
   *
   * @param random safe from any thread, if ids are made by several
   */
  public JobIds(TimeSource time, RandomGenerator random) {
    this.time = time;
    this.random = random;
  }

  /** Returns the next id. Safe from any thread. */
  public JobId next() {
    long floor = time.now().toEpochMilli() << COUNTER_BITS;
    long stamp = last.updateAndGet(previous -> Math.max(previous + 1, floor));
    long millis = stamp >>> COUNTER_BITS;
    long counter = stamp & ((1 << COUNTER_BITS) - 1);
    long high = millis << 16 | VERSION_7 | counter;
    long low = VARIANT | random.nextLong() >>> 2;
    return new JobId(new UUID(high, low));
  }
}
