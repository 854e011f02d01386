package dev.holdfast.http.client;

import dev.holdfast.Finding;
import dev.holdfast.Finding.Gravity;
import dev.holdfast.Job;
import dev.holdfast.JobState;
import dev.holdfast.MonitorConfig;
import dev.holdfast.NodeCommand;
import dev.holdfast.NodeId;
import dev.holdfast.NodePhase;
import dev.holdfast.QueueStatus;
import dev.holdfast.QueueStatus.Liveness;
import dev.holdfast.Vitals;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.http.Fields;
import dev.holdfast.http.Json;
import dev.holdfast.http.wire.JobJson;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The health of a queue and its nodes, read from their wire form. */
final class HealthReader {
  private HealthReader() {}

  static QueueStatus status(Fields status) {
    return new QueueStatus(
        counts(status),
        status
            .maybeSeconds("stuck_after_seconds")
            .orElseGet(() -> MonitorConfig.defaults().jobTimeout()),
        status.number("stuck_jobs"),
        status.number("orphaned_jobs"),
        job(status, "oldest_pending_job"),
        job(status, "newest_job"),
        status.list("active_jobs", HealthReader::job),
        status.list("waiting", HealthReader::waiting),
        status.list("nodes", HealthReader::node),
        status.list("overdue_schedules", HealthReader::overdue),
        status.list("raised_alerts", HealthReader::raised),
        status.maybeNumber("muted_dead_letters").orElse(0L),
        status.maybeObject("on_hold").map(HealthReader::onHold).orElse(QueueStatus.OnHold.NOTHING),
        status
            .maybeObject("recent")
            .map(HealthReader::recent)
            .orElseGet(() -> new QueueStatus.Recent(0, 0, Optional.empty(), 0)),
        database(status.object("database")));
  }

  private static QueueStatus.OnHold onHold(Fields onHold) {
    return new QueueStatus.OnHold(onHold.number("unreviewed_jobs"), onHold.texts("paused_queues"));
  }

  private static QueueStatus.Recent recent(Fields recent) {
    return new QueueStatus.Recent(
        recent.number("recoveries"),
        recent.number("recovered_jobs"),
        recent.maybeInstant("last_recovery_at"),
        recent.number("node_starts"));
  }

  private static Map<JobState, Long> counts(Fields status) {
    Map<String, Long> byName = status.numbers("status_counts");
    Map<JobState, Long> counts = new EnumMap<>(JobState.class);
    for (JobState state : JobState.values()) {
      counts.put(state, byName.getOrDefault(state.name(), 0L));
    }
    return counts;
  }

  private static Optional<Job> job(Fields status, String name) {
    return status.maybeObject(name).map(HealthReader::job);
  }

  private static Job job(Fields job) {
    return Json.read(job.node(), JobJson.class).job();
  }

  private static QueueStatus.Waiting waiting(Fields waiting) {
    return new QueueStatus.Waiting(
        waiting.text("queue"), waiting.text("type"), waiting.number("jobs"));
  }

  private static QueueStatus.Overdue overdue(Fields overdue) {
    return new QueueStatus.Overdue(overdue.text("schedule"), overdue.instant("slot"));
  }

  private static QueueStatus.Raised raised(Fields raised) {
    return new QueueStatus.Raised(
        raised.text("alert"), raised.instant("since"), raised.maybeNumber("value"));
  }

  private static QueueStatus.Database database(Fields database) {
    Fields given = database.object("settings");
    Map<String, String> settings = new LinkedHashMap<>();
    given.node().propertyNames().forEach(name -> settings.put(name, given.text(name)));
    return new QueueStatus.Database(
        database.text("kind"), database.text("name"), database.number("bytes"), settings);
  }

  static QueueStatus.Node node(Fields node) {
    return new QueueStatus.Node(
        new NodeId(UUID.fromString(node.text("id"))),
        node.text("name"),
        node.text("host"),
        node.number("process_id"),
        node.text("version"),
        word(node, "phase", NodePhase.class),
        word(node, "order", NodeCommand.class),
        node.texts("queues"),
        Set.copyOf(node.texts("types")),
        Json.object("capabilities", node.any("capabilities")),
        node.count("slots"),
        node.number("held"),
        node.instant("started_at"),
        node.instant("heartbeat_at"),
        word(node, "liveness", Liveness.class),
        vitals(node));
  }

  private static Vitals vitals(Fields node) {
    return new Vitals(
        node.count("running"),
        node.count("unresponsive"),
        node.count("usable_slots"),
        node.list("duties", HealthReader::duty),
        node.numbers("counts"));
  }

  private static Vitals.Duty duty(Fields duty) {
    return new Vitals.Duty(
        duty.text("name"),
        duty.maybeInstant("ran_at"),
        duty.maybeText("error"),
        duty.count("failures"));
  }

  static Finding finding(Fields finding) {
    return new Finding(
        word(finding, "gravity", Gravity.class),
        finding.text("code"),
        finding.text("text"),
        finding.text("cure"));
  }

  /** Such words are in lower case. */
  private static <E extends Enum<E>> E word(Fields fields, String name, Class<E> type) {
    String word = fields.text(name).toUpperCase(Locale.ROOT);
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equals(word)) {
        return constant;
      }
    }
    throw new InvalidRequestException("field '%s' is %s".formatted(name, word));
  }
}
