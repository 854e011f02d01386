package dev.holdfast.engine.runtime;

import dev.holdfast.spi.EngineRuntime;
import dev.holdfast.spi.HandlerThreads;
import dev.holdfast.spi.Scheduler;
import dev.holdfast.spi.TimeSource;
import java.util.concurrent.ThreadFactory;
import java.util.random.RandomGenerator;

/**
 * The environment of the engine; a simulation provides its own.
 *
 * @param time the clocks
 * @param random the only randomness; safe from any thread
 * @param worker runs the worker alone: claims and acknowledgements
 * @param recovery runs recovery alone
 * @param duties runs the other duties that jobs depend on: promotion, schedules, handler output,
 *     awaits
 * @param heartbeats runs the heartbeat alone, so that nothing delays it
 * @param watch runs duties that must be on time and never use the store
 * @param upkeep runs duties that may be slow
 * @param handlers runs handlers
 */
public record Platform(
    TimeSource time,
    RandomGenerator random,
    Scheduler worker,
    Scheduler recovery,
    Scheduler duties,
    Scheduler heartbeats,
    Scheduler watch,
    Scheduler upkeep,
    HandlerThreads handlers)
    implements AutoCloseable {

  /** Returns the factory of threads for stores. */
  public static ThreadFactory storeThreads() {
    return body -> Threads.daemon("store", body);
  }

  /** Starts the threads of an engine. */
  public static Platform start(EngineRuntime runtime) {
    return new Platform(
        runtime.time(),
        runtime.random(),
        runtime.scheduler("worker"),
        runtime.scheduler("recovery"),
        runtime.scheduler("duties"),
        runtime.scheduler("heartbeat"),
        runtime.scheduler("watch"),
        runtime.scheduler("upkeep"),
        runtime.handlerThreads());
  }

  @Override
  public void close() {
    handlers.close();
    watch.close();
    upkeep.close();
    duties.close();
    recovery.close();
    worker.close();
    heartbeats.close();
  }
}
