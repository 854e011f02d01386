package dev.holdfast.spring.boot;

/** A property that exists, with its default as a text; empty if there is none. */
enum HoldfastProperty {
  ENABLED("enabled", "true"),
  URL("url", ""),
  USERNAME("username", ""),
  PASSWORD("password", ""),
  DATA_SOURCE("data-source", ""),
  JOIN_TRANSACTIONS("join-transactions", "true"),
  NODE_ENABLED("node.enabled", "true"),
  NODE_NAME("node.name", ""),
  NODE_QUEUES("node.queues", ""),
  NODE_CONCURRENCY("node.concurrency", "10"),
  NODE_LEASE("node.lease", "15s"),
  NODE_POLL_INTERVAL("node.poll-interval", "1s"),
  NODE_GRACE("node.grace", "20s"),
  MONITOR_ENABLED("monitor.enabled", "true"),
  MONITOR_INTERVAL("monitor.interval", "5m"),
  MONITOR_JOB_TIMEOUT("monitor.job-timeout", "30m"),
  MONITOR_ACTION("monitor.action", "retry"),
  RETENTION_COMPLETED("retention.completed", "7d"),
  RETENTION_FAILED("retention.failed", "7d"),
  RETENTION_CANCELLED("retention.cancelled", "7d"),
  RETENTION_LOGS("retention.logs", "never"),
  RETENTION_AUDIT("retention.audit", "400d"),
  RETENTION_INTERVAL("retention.interval", "10m");

  private final String name;
  private final String byDefault;

  HoldfastProperty(String name, String byDefault) {
    this.name = "holdfast." + name;
    this.byDefault = byDefault;
  }

  String property() {
    return name;
  }

  String byDefault() {
    return byDefault;
  }
}
