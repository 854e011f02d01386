package dev.holdfast.engine;

import dev.holdfast.spi.HandlerThreads;
import dev.holdfast.spi.Scheduler;
import dev.holdfast.spi.TimeSource;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/**
 * What the engine stands on; a simulation gives its own.
 *
 * @param time the clocks
 * @param random the only randomness; safe from any thread
 * @param duties runs what talks to the store
 * @param heartbeats runs the heartbeat alone, so that nothing delays it
 * @param watch runs what must be on time and never talks to the store
 * @param upkeep runs what may take its time
 * @param handlers runs handlers
 */
public record Platform(
    TimeSource time,
    RandomGenerator random,
    Scheduler duties,
    Scheduler heartbeats,
    Scheduler watch,
    Scheduler upkeep,
    HandlerThreads handlers)
    implements AutoCloseable {

  /** The system's randomness, safe from any thread. */
  public static RandomGenerator systemRandom() {
    return () -> ThreadLocalRandom.current().nextLong();
  }

  /** Makes threads for stores. */
  public static ThreadFactory storeThreads() {
    return body -> Threads.daemon("store", body);
  }

  /** Runs duties on a thread of its own, which it starts. */
  public static Scheduler scheduler(String name, TimeSource time) {
    return new DutyThread(name, time);
  }

  /** The real one; it starts its threads. */
  public static Platform start(TimeSource time) {
    return new Platform(
        time,
        systemRandom(),
        new DutyThread("duties", time),
        new DutyThread("heartbeat", time),
        new DutyThread("watch", time),
        new DutyThread("upkeep", time),
        Threads.forHandlers());
  }

  @Override
  public void close() {
    handlers.close();
    watch.close();
    upkeep.close();
    duties.close();
    heartbeats.close();
  }
}
