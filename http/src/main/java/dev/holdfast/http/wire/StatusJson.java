package dev.holdfast.http.wire;

import dev.holdfast.Job;
import dev.holdfast.JobState;
import dev.holdfast.MonitorConfig;
import dev.holdfast.QueueStatus;
import dev.holdfast.Vitals.Counter;
import dev.holdfast.http.Redaction;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Wire form of a {@link QueueStatus}: the health of a queue.
 *
 * @param statusCounts the jobs by state, each state named
 * @param stuckAfterSeconds always there; older servers had none
 * @param interruptedAtStart one of the counts, by its older name
 * @param restartedJobs one of the counts, by its older name
 * @param counts the counts of all nodes together
 * @param mutedDeadLetters always there; older servers had none
 * @param onHold always there; older servers had none
 * @param recent always there; older servers had none
 */
public record StatusJson(
    Map<String, Long> statusCounts,
    Optional<Double> stuckAfterSeconds,
    long stuckJobs,
    long orphanedJobs,
    Optional<JobJson> oldestPendingJob,
    Optional<Double> oldestPendingAgeSeconds,
    Optional<JobJson> newestJob,
    List<JobJson> activeJobs,
    List<Waiting> waiting,
    long interruptedAtStart,
    long restartedJobs,
    Map<String, Long> counts,
    List<NodeJson> nodes,
    List<Overdue> overdueSchedules,
    List<Raised> raisedAlerts,
    Optional<Long> mutedDeadLetters,
    Optional<OnHold> onHold,
    Optional<Recent> recent,
    List<FindingJson> problems,
    long currentProcessId,
    Database database) {

  /** Wire form of jobs that wait for a node. */
  public record Waiting(String queue, String type, long jobs) {
    static Waiting of(QueueStatus.Waiting waiting) {
      return new Waiting(waiting.queue(), waiting.type(), waiting.jobs());
    }

    QueueStatus.Waiting engine() {
      return new QueueStatus.Waiting(queue, type, jobs);
    }
  }

  /** Wire form of a schedule that is late. */
  public record Overdue(String schedule, Instant slot) {
    static Overdue of(QueueStatus.Overdue overdue) {
      return new Overdue(overdue.schedule(), overdue.slot());
    }

    QueueStatus.Overdue engine() {
      return new QueueStatus.Overdue(schedule, slot);
    }
  }

  /** Wire form of an alert that is raised. */
  public record Raised(String alert, Instant since, Optional<Long> value) {
    static Raised of(QueueStatus.Raised raised) {
      return new Raised(raised.alert(), raised.since(), raised.value());
    }

    QueueStatus.Raised engine() {
      return new QueueStatus.Raised(alert, since, value);
    }
  }

  /** Wire form of what an operator holds back. */
  public record OnHold(long unreviewedJobs, List<String> pausedQueues) {
    static OnHold of(QueueStatus.OnHold onHold) {
      return new OnHold(onHold.unreviewed(), onHold.pausedQueues());
    }

    QueueStatus.OnHold engine() {
      return new QueueStatus.OnHold(unreviewedJobs, pausedQueues);
    }
  }

  /** Wire form of recent faults. */
  public record Recent(
      long recoveries, long recoveredJobs, Optional<Instant> lastRecoveryAt, long nodeStarts) {
    static Recent of(QueueStatus.Recent recent) {
      return new Recent(
          recent.recoveries(), recent.recoveredJobs(), recent.lastRecovery(), recent.starts());
    }

    QueueStatus.Recent engine() {
      return new QueueStatus.Recent(recoveries, recoveredJobs, lastRecoveryAt, nodeStarts);
    }
  }

  /** Wire form of the database. */
  public record Database(String kind, String name, long bytes, Map<String, String> settings) {
    static Database of(QueueStatus.Database database) {
      return new Database(database.kind(), database.name(), database.bytes(), database.settings());
    }

    QueueStatus.Database engine() {
      return new QueueStatus.Database(kind, name, bytes, settings);
    }
  }

  /**
   * Returns a status without what is secret in its jobs.
   *
   * @param now the time to which ages are measured
   */
  public static StatusJson of(QueueStatus status, Instant now, Redaction redaction) {
    Map<String, Long> counts = NodeJson.countsOf(status.nodes());
    return new StatusJson(
        countsOf(status),
        Optional.of(Seconds.of(status.stuckAfter())),
        status.stuck(),
        status.orphaned(),
        status.oldestPending().map(job -> JobJson.of(job, redaction)),
        status.oldestPending().map(job -> Seconds.of(Duration.between(job.createdAt(), now))),
        status.newest().map(job -> JobJson.of(job, redaction)),
        status.active().stream().map(job -> JobJson.of(job, redaction)).toList(),
        status.waiting().stream().map(Waiting::of).toList(),
        counts.getOrDefault(name(Counter.FOUND_AT_START), 0L),
        counts.getOrDefault(name(Counter.RESUMED), 0L),
        counts,
        status.nodes().stream().map(node -> NodeJson.of(node, now)).toList(),
        status.overdue().stream().map(Overdue::of).toList(),
        status.raised().stream().map(Raised::of).toList(),
        Optional.of(status.muted()),
        Optional.of(OnHold.of(status.onHold())),
        Optional.of(Recent.of(status.recent())),
        status.problems().stream().map(FindingJson::of).toList(),
        ProcessHandle.current().pid(),
        Database.of(status.database()));
  }

  private static Map<String, Long> countsOf(QueueStatus status) {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (JobState state : JobState.values()) {
      counts.put(state.name(), status.counts().getOrDefault(state, 0L));
    }
    return counts;
  }

  private static String name(Counter counter) {
    return counter.name().toLowerCase(Locale.ROOT);
  }

  /** Returns the status. */
  public QueueStatus status() {
    Map<JobState, Long> byState = new EnumMap<>(JobState.class);
    for (JobState state : JobState.values()) {
      byState.put(state, statusCounts.getOrDefault(state.name(), 0L));
    }
    List<Job> active = activeJobs.stream().map(JobJson::job).toList();
    return new QueueStatus(
        byState,
        stuckAfterSeconds.map(Seconds::read).orElse(MonitorConfig.defaults().jobTimeout()),
        stuckJobs,
        orphanedJobs,
        oldestPendingJob.map(JobJson::job),
        newestJob.map(JobJson::job),
        active,
        waiting.stream().map(Waiting::engine).toList(),
        nodes.stream().map(NodeJson::node).toList(),
        overdueSchedules.stream().map(Overdue::engine).toList(),
        raisedAlerts.stream().map(Raised::engine).toList(),
        mutedDeadLetters.orElse(0L),
        onHold.map(OnHold::engine).orElse(QueueStatus.OnHold.NOTHING),
        recent
            .map(Recent::engine)
            .orElseGet(() -> new QueueStatus.Recent(0, 0, Optional.empty(), 0)),
        database.engine());
  }
}
