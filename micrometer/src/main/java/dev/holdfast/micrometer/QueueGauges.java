package dev.holdfast.micrometer;

import dev.holdfast.Holdfast;
import dev.holdfast.JobState;
import dev.holdfast.Vitals;
import dev.holdfast.error.HoldfastException;
import dev.holdfast.spi.Insights.Depth;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToDoubleFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gauges of the queue, read from the store on request, and of this process's node. The store is
 * read at most once in {@link #KEPT}, however many gauges are read.
 */
final class QueueGauges {
  private static final Logger log = LoggerFactory.getLogger(QueueGauges.class);
  private static final List<JobState> STATES =
      List.of(
          JobState.SCHEDULED,
          JobState.BLOCKED,
          JobState.PENDING,
          JobState.RUNNING,
          JobState.FAILED,
          JobState.INTERRUPTED);

  /** Maximum age of the figures. */
  static final Duration KEPT = Duration.ofSeconds(10);

  private final Holdfast holdfast;
  private final MeterRegistry registry;
  private final List<Meter> all = new ArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private Optional<Reading> newest = Optional.empty(); // guarded by lock, like the next
  private long readTicks;

  /** The figures of the store at one time. */
  private record Reading(List<Depth> depths, Instant at) {}

  QueueGauges(Holdfast holdfast, MeterRegistry registry) {
    this.holdfast = holdfast;
    this.registry = registry;
    for (JobState state : STATES) {
      all.add(
          Gauge.builder("holdfast.queue.jobs", this, gauges -> gauges.jobs(state))
              .description("Jobs in a state, of the whole queue; each state up to 100,000")
              .baseUnit("jobs")
              .tag("state", state.name().toLowerCase(Locale.ROOT))
              .register(registry));
    }
    all.add(
        Gauge.builder("holdfast.queue.oldest", this, QueueGauges::oldestSeconds)
            .description("How long the runnable job has been due that is due longest")
            .baseUnit("seconds")
            .register(registry));
    ofNode("holdfast.node.slots", "slots", "Handlers that may run at once here", Vitals::slots);
    ofNode("holdfast.node.running", "handlers", "Handlers that run here", Vitals::running);
    ofNode(
        "holdfast.node.unresponsive",
        "handlers",
        "Handlers here that were told to end and did not",
        Vitals::unresponsive);
    ofNode(
        "holdfast.node.failing",
        "duties",
        "Background duties here whose newest turn failed",
        vitals -> vitals.duties().stream().filter(duty -> duty.failures() > 0).count());
  }

  private void ofNode(
      String name, String unit, String description, ToDoubleFunction<Vitals> figure) {
    all.add(
        Gauge.builder(name, holdfast, queue -> figure.applyAsDouble(queue.vitals()))
            .description(description)
            .baseUnit(unit)
            .register(registry));
  }

  /** Removes all of them from the registry. */
  void remove() {
    all.forEach(registry::remove);
  }

  private double jobs(JobState state) {
    return read()
        .map(
            reading ->
                reading.depths.stream()
                    .filter(depth -> depth.state() == state)
                    .mapToLong(Depth::jobs)
                    .sum())
        .map(Long::doubleValue)
        .orElse(Double.NaN);
  }

  private double oldestSeconds() {
    return read()
        .map(
            reading ->
                reading.depths.stream()
                    .filter(depth -> depth.state() == JobState.PENDING)
                    .mapToLong(depth -> Duration.between(depth.oldest(), reading.at).toMillis())
                    .max()
                    .orElse(0))
        .map(millis -> Math.max(0, millis) / 1e3)
        .orElse(Double.NaN);
  }

  /** Reads the store; empty if that fails. */
  private Optional<Reading> read() {
    lock.lock();
    try {
      long now = holdfast.embedding().time().ticks();
      if (readTicks == 0 || now - readTicks > KEPT.toNanos()) {
        newest = look();
        readTicks = now;
      }
      return newest;
    } finally {
      lock.unlock();
    }
  }

  private Optional<Reading> look() {
    try {
      List<Depth> depths = holdfast.embedding().store().insights().depths().counts();
      return Optional.of(new Reading(depths, holdfast.embedding().time().now()));
    } catch (HoldfastException unreadable) {
      log.debug("The queue's figures could not be read.", unreadable);
      return Optional.empty();
    }
  }
}
