package dev.holdfast;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How a node works.
 *
 * @param name its name for people; need not be unique
 * @param queues the queues it serves; empty for all
 * @param concurrency how many handlers run at once, 1 to {@link Limits#CONCURRENCY_MAX}; default 10
 * @param lease how long the node may be out of touch before others take its jobs, 1 s to 1 h;
 *     default 15 s. The heartbeat comes every third of it
 * @param pollInterval how often it looks for work when nothing woke it, 10 ms to 1 h; default 1 s
 * @param grace how long running handlers may go on at a stop before they are interrupted; default
 *     20 s
 * @param monitor how it looks for stuck jobs
 * @param retention how long what is finished is kept
 * @param capabilities what its worker can do, for jobs that {@linkplain NewJob#requires require}
 *     it: texts, numbers, true or false, or lists of them; default none
 */
public record NodeConfig(
    String name,
    List<String> queues,
    int concurrency,
    Duration lease,
    Duration pollInterval,
    Duration grace,
    MonitorConfig monitor,
    Retention retention,
    Map<String, Object> capabilities) {
  /** The shortest lease. */
  public static final Duration LEASE_MIN = Duration.ofSeconds(1);

  /** The longest lease. */
  public static final Duration LEASE_MAX = Duration.ofHours(1);

  /** The shortest poll interval. */
  public static final Duration POLL_INTERVAL_MIN = Duration.ofMillis(10);

  /** The longest poll interval. */
  public static final Duration POLL_INTERVAL_MAX = Duration.ofHours(1);

  /** The longest grace period; there may be none. */
  public static final Duration GRACE_MAX = Duration.ofDays(1);

  /**
   * Checks all values.
   *
   * @throws InvalidRequestException naming the value and what was expected
   */
  public NodeConfig {
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

  /** The defaults, serving all queues. */
  public static NodeConfig defaults() {
    return new NodeConfig(
        "node",
        List.of(),
        10,
        Duration.ofSeconds(15),
        Duration.ofSeconds(1),
        Duration.ofSeconds(20),
        MonitorConfig.defaults(),
        Retention.defaults(),
        Map.of());
  }

  /** With this name. */
  public NodeConfig name(String newName) {
    return new NodeConfig(
        newName, queues, concurrency, lease, pollInterval, grace, monitor, retention, capabilities);
  }

  /** Serving these queues only. */
  public NodeConfig queues(String... newQueues) {
    return new NodeConfig(
        name,
        List.of(newQueues),
        concurrency,
        lease,
        pollInterval,
        grace,
        monitor,
        retention,
        capabilities);
  }

  /** With so many handlers at once. */
  public NodeConfig concurrency(int newConcurrency) {
    return new NodeConfig(
        name, queues, newConcurrency, lease, pollInterval, grace, monitor, retention, capabilities);
  }

  /** With this lease. */
  public NodeConfig lease(Duration newLease) {
    return new NodeConfig(
        name, queues, concurrency, newLease, pollInterval, grace, monitor, retention, capabilities);
  }

  /** With this poll interval. */
  public NodeConfig pollInterval(Duration newPollInterval) {
    return new NodeConfig(
        name, queues, concurrency, lease, newPollInterval, grace, monitor, retention, capabilities);
  }

  /** With this grace period at a stop. */
  public NodeConfig grace(Duration newGrace) {
    return new NodeConfig(
        name, queues, concurrency, lease, pollInterval, newGrace, monitor, retention, capabilities);
  }

  /** Looking for stuck jobs in this way. */
  public NodeConfig monitor(MonitorConfig newMonitor) {
    return new NodeConfig(
        name, queues, concurrency, lease, pollInterval, grace, newMonitor, retention, capabilities);
  }

  /** Keeping what is finished for so long. */
  public NodeConfig retention(Retention newRetention) {
    return new NodeConfig(
        name, queues, concurrency, lease, pollInterval, grace, monitor, newRetention, capabilities);
  }

  /** With these capabilities. */
  public NodeConfig capabilities(Map<String, Object> newCapabilities) {
    return new NodeConfig(
        name, queues, concurrency, lease, pollInterval, grace, monitor, retention, newCapabilities);
  }
}
