package dev.holdfast;

import dev.holdfast.check.Check;
import dev.holdfast.check.Limits;
import dev.holdfast.check.Names;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Settings of a node. Immutable; each method with an argument returns a changed copy. */
public final class NodeConfig {
  /** The shortest lease. */
  public static final Duration LEASE_MIN = Duration.ofSeconds(1);

  /** The longest lease. */
  public static final Duration LEASE_MAX = Duration.ofHours(1);

  /** The shortest poll interval. */
  public static final Duration POLL_INTERVAL_MIN = Duration.ofMillis(10);

  /** The longest poll interval. */
  public static final Duration POLL_INTERVAL_MAX = Duration.ofHours(1);

  /** The longest grace period; it may also be zero. */
  public static final Duration GRACE_MAX = Duration.ofDays(1);

  private final Values values;

  private NodeConfig(Values values) {
    this.values = values;
  }

  /** Returns the defaults, for all queues. */
  public static NodeConfig defaults() {
    return new NodeConfig(
        new Values(
            "node",
            List.of(),
            10,
            Duration.ofSeconds(15),
            Duration.ofSeconds(1),
            Duration.ofSeconds(20),
            MonitorConfig.defaults(),
            Retention.defaults(),
            Map.of()));
  }

  /** Returns the name, for display; it need not be unique. */
  public String name() {
    return values.name;
  }

  /** Returns the queues it serves; empty for all. */
  public List<String> queues() {
    return values.queues;
  }

  /**
   * Returns the number of handlers that run at once, 1 to {@link Limits#CONCURRENCY_MAX}; default
   * 10.
   */
  public int concurrency() {
    return values.concurrency;
  }

  /**
   * Returns how long after a heartbeat others may take its jobs, 1 s to 1 h; default 15 s. It sends
   * a heartbeat every third of it.
   */
  public Duration lease() {
    return values.lease;
  }

  /** Returns how often it looks for work when nothing wakes it, 10 ms to 1 h; default 1 s. */
  public Duration pollInterval() {
    return values.pollInterval;
  }

  /**
   * Returns how long running handlers may continue at a stop before they are interrupted; default
   * 20 s.
   */
  public Duration grace() {
    return values.grace;
  }

  /** Returns the search for stuck jobs. */
  public MonitorConfig monitor() {
    return values.monitor;
  }

  /** Returns how long finished jobs are kept. */
  public Retention retention() {
    return values.retention;
  }

  /**
   * Returns the capabilities of its worker, for jobs that {@linkplain NewJob#requires require}
   * them: texts, numbers, true or false, or lists of them; default none.
   */
  public Map<String, Object> capabilities() {
    return values.capabilities;
  }

  /** Sets the name. */
  public NodeConfig name(String newName) {
    return new NodeConfig(
        new Values(
            newName,
            values.queues,
            values.concurrency,
            values.lease,
            values.pollInterval,
            values.grace,
            values.monitor,
            values.retention,
            values.capabilities));
  }

  /** Serves these queues only. */
  public NodeConfig queues(String... newQueues) {
    return new NodeConfig(
        new Values(
            values.name,
            List.of(newQueues),
            values.concurrency,
            values.lease,
            values.pollInterval,
            values.grace,
            values.monitor,
            values.retention,
            values.capabilities));
  }

  /** Sets the number of handlers that run at once. */
  public NodeConfig concurrency(int newConcurrency) {
    return new NodeConfig(
        new Values(
            values.name,
            values.queues,
            newConcurrency,
            values.lease,
            values.pollInterval,
            values.grace,
            values.monitor,
            values.retention,
            values.capabilities));
  }

  /** Sets the lease. */
  public NodeConfig lease(Duration newLease) {
    return new NodeConfig(
        new Values(
            values.name,
            values.queues,
            values.concurrency,
            newLease,
            values.pollInterval,
            values.grace,
            values.monitor,
            values.retention,
            values.capabilities));
  }

  /** Sets the poll interval. */
  public NodeConfig pollInterval(Duration newPollInterval) {
    return new NodeConfig(
        new Values(
            values.name,
            values.queues,
            values.concurrency,
            values.lease,
            newPollInterval,
            values.grace,
            values.monitor,
            values.retention,
            values.capabilities));
  }

  /** Sets the grace period at a stop. */
  public NodeConfig grace(Duration newGrace) {
    return new NodeConfig(
        new Values(
            values.name,
            values.queues,
            values.concurrency,
            values.lease,
            values.pollInterval,
            newGrace,
            values.monitor,
            values.retention,
            values.capabilities));
  }

  /** Sets the search for stuck jobs. */
  public NodeConfig monitor(MonitorConfig newMonitor) {
    return new NodeConfig(
        new Values(
            values.name,
            values.queues,
            values.concurrency,
            values.lease,
            values.pollInterval,
            values.grace,
            newMonitor,
            values.retention,
            values.capabilities));
  }

  /** Sets how long finished jobs are kept. */
  public NodeConfig retention(Retention newRetention) {
    return new NodeConfig(
        new Values(
            values.name,
            values.queues,
            values.concurrency,
            values.lease,
            values.pollInterval,
            values.grace,
            values.monitor,
            newRetention,
            values.capabilities));
  }

  /** Sets the capabilities. */
  public NodeConfig capabilities(Map<String, Object> newCapabilities) {
    return new NodeConfig(
        new Values(
            values.name,
            values.queues,
            values.concurrency,
            values.lease,
            values.pollInterval,
            values.grace,
            values.monitor,
            values.retention,
            newCapabilities));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof NodeConfig same && values.equals(same.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return values.toString().replaceFirst("Values", "NodeConfig");
  }

  /** The values, so that they compare and print like a record. */
  private record Values(
      String name,
      List<String> queues,
      int concurrency,
      Duration lease,
      Duration pollInterval,
      Duration grace,
      MonitorConfig monitor,
      Retention retention,
      Map<String, Object> capabilities) {

    private Values {
      Names.check("node name", name);
      queues.forEach(queue -> Names.check("queue", queue));
      queues = List.copyOf(queues);
      Check.that(
          concurrency >= 1 && concurrency <= Limits.CONCURRENCY_MAX,
          "concurrency must be 1 to %d, was %d",
          Limits.CONCURRENCY_MAX,
          concurrency);
      Check.range("lease", lease, LEASE_MIN, LEASE_MAX);
      Check.range("poll interval", pollInterval, POLL_INTERVAL_MIN, POLL_INTERVAL_MAX);
      Check.range("grace", grace, Duration.ZERO, GRACE_MAX);
      capabilities = Requirements.checkCapabilities(capabilities);
    }
  }
}
