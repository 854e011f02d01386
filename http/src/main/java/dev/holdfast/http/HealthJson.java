package dev.holdfast.http;

import dev.holdfast.Finding;
import dev.holdfast.Job;
import dev.holdfast.JobState;
import dev.holdfast.QueueStatus;
import dev.holdfast.Vitals;
import dev.holdfast.Vitals.Counter;
import dev.holdfast.http.wire.JobJson;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The health of a queue and its nodes in its wire form, which {@code --json} prints too. */
public final class HealthJson {
  private final Instant now;
  private final Redaction redaction;

  /**
   * Computes ages.
   *
   * @param now the time to which ages are measured
   */
  public HealthJson(Instant now) {
    this(now, Redaction.none());
  }

  /**
   * Computes ages, and leaves out secrets.
   *
   * @param now the time to which ages are measured
   */
  public HealthJson(Instant now, Redaction redaction) {
    this.now = now;
    this.redaction = redaction;
  }

  /** The health of the queue. */
  public Map<String, @Nullable Object> of(QueueStatus status) {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (JobState state : JobState.values()) {
      counts.put(state.name(), status.counts().getOrDefault(state, 0L));
    }
    Map<String, Long> recovered = countsOf(status.nodes());
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("status_counts", counts);
    fields.put("stuck_after_seconds", status.stuckAfter().toMillis() / 1_000.0);
    fields.put("stuck_jobs", status.stuck());
    fields.put("orphaned_jobs", status.orphaned());
    fields.put("oldest_pending_job", status.oldestPending().map(this::job).orElse(null));
    fields.put(
        "oldest_pending_age_seconds",
        status.oldestPending().map(job -> age(job.createdAt())).orElse(null));
    fields.put("newest_job", status.newest().map(this::job).orElse(null));
    fields.put("active_jobs", status.active().stream().map(this::job).toList());
    fields.put("waiting", status.waiting().stream().map(HealthJson::of).toList());
    fields.put("interrupted_at_start", recovered.getOrDefault(name(Counter.FOUND_AT_START), 0L));
    fields.put("restarted_jobs", recovered.getOrDefault(name(Counter.RESUMED), 0L));
    fields.put("counts", recovered);
    fields.put("nodes", status.nodes().stream().map(this::of).toList());
    fields.put("overdue_schedules", status.overdue().stream().map(HealthJson::of).toList());
    fields.put("raised_alerts", status.raised().stream().map(HealthJson::of).toList());
    fields.put("muted_dead_letters", status.muted());
    fields.put("on_hold", of(status.onHold()));
    fields.put("recent", of(status.recent()));
    fields.put("problems", status.problems().stream().map(HealthJson::of).toList());
    fields.put("current_process_id", ProcessHandle.current().pid());
    fields.put("database", of(status.database()));
    return fields;
  }

  private static Map<String, @Nullable Object> of(QueueStatus.OnHold onHold) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("unreviewed_jobs", onHold.unreviewed());
    fields.put("paused_queues", onHold.pausedQueues());
    return fields;
  }

  private static Map<String, @Nullable Object> of(QueueStatus.Recent recent) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("recoveries", recent.recoveries());
    fields.put("recovered_jobs", recent.recoveredJobs());
    fields.put("last_recovery_at", recent.lastRecovery().map(Instant::toString).orElse(null));
    fields.put("node_starts", recent.starts());
    return fields;
  }

  private JobJson job(Job job) {
    return JobJson.of(job, redaction);
  }

  private static Map<String, Object> of(QueueStatus.Overdue overdue) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schedule", overdue.schedule());
    fields.put("slot", overdue.slot().toString());
    return fields;
  }

  private static Map<String, @Nullable Object> of(QueueStatus.Raised raised) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("alert", raised.alert());
    fields.put("since", raised.since().toString());
    fields.put("value", raised.value().orElse(null));
    return fields;
  }

  /** Sums the counts of nodes since the start of each; of a maximum, returns the largest. */
  public static Map<String, Long> countsOf(Collection<QueueStatus.Node> nodes) {
    Map<String, Long> counts = new TreeMap<>();
    for (QueueStatus.Node node : nodes) {
      node.vitals()
          .counts()
          .forEach(
              (name, n) -> counts.merge(name, n, name.endsWith("_max") ? Math::max : Long::sum));
    }
    return counts;
  }

  private static String name(Counter counter) {
    return counter.name().toLowerCase(Locale.ROOT);
  }

  private static Map<String, Object> of(QueueStatus.Waiting waiting) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("queue", waiting.queue());
    fields.put("type", waiting.type());
    fields.put("jobs", waiting.jobs());
    return fields;
  }

  /** A node. */
  public Map<String, Object> of(QueueStatus.Node node) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", node.id().toString());
    fields.put("name", node.name());
    fields.put("host", node.host());
    fields.put("process_id", node.processId());
    fields.put("version", node.version());
    fields.put("liveness", node.liveness().name().toLowerCase(Locale.ROOT));
    fields.put("alive", node.alive());
    fields.put("phase", node.phase().name().toLowerCase(Locale.ROOT));
    fields.put("order", node.command().name().toLowerCase(Locale.ROOT));
    fields.put("queues", node.queues());
    fields.put("types", node.types().stream().sorted().toList());
    fields.put("capabilities", new TreeMap<>(node.capabilities()));
    fields.put("held", node.held());
    fields.put("running", node.vitals().running());
    fields.put("slots", node.concurrency());
    fields.put("usable_slots", node.vitals().slots());
    fields.put("unresponsive", node.vitals().unresponsive());
    fields.put("started_at", node.startedAt().toString());
    fields.put("heartbeat_at", node.heartbeatAt().toString());
    fields.put("heartbeat_age_seconds", age(node.heartbeatAt()));
    fields.put("duties", node.vitals().duties().stream().map(HealthJson::of).toList());
    fields.put("counts", new TreeMap<>(node.vitals().counts()));
    return fields;
  }

  private double age(Instant since) {
    return Duration.between(since, now).toMillis() / 1000.0;
  }

  private static Map<String, @Nullable Object> of(Vitals.Duty duty) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("name", duty.name());
    fields.put("ran_at", duty.ranAt().map(Instant::toString).orElse(null));
    fields.put("failures", duty.failures());
    fields.put("error", duty.error().orElse(null));
    return fields;
  }

  /** Something that is wrong. */
  public static Map<String, Object> of(Finding finding) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("gravity", finding.gravity().name().toLowerCase(Locale.ROOT));
    fields.put("code", finding.code());
    fields.put("text", finding.text());
    fields.put("cure", finding.cure());
    return fields;
  }

  private static Map<String, Object> of(QueueStatus.Database database) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("kind", database.kind());
    fields.put("name", database.name());
    fields.put("bytes", database.bytes());
    fields.put("settings", database.settings());
    return fields;
  }
}
