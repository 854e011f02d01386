package dev.holdfast.http;

import dev.holdfast.BulkAction;
import dev.holdfast.BulkOperation;
import dev.holdfast.BulkRequest;
import dev.holdfast.ClaimOrder;
import dev.holdfast.Explanation;
import dev.holdfast.Failure;
import dev.holdfast.FailureGroup;
import dev.holdfast.FailureReport;
import dev.holdfast.Finding;
import dev.holdfast.Fingerprint;
import dev.holdfast.Job;
import dev.holdfast.JobEvent;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue.Changed;
import dev.holdfast.JobState;
import dev.holdfast.LogLine;
import dev.holdfast.NodeCommand;
import dev.holdfast.NodeId;
import dev.holdfast.NodePhase;
import dev.holdfast.OnPredecessorFailure;
import dev.holdfast.Page;
import dev.holdfast.PageCursor;
import dev.holdfast.Predecessor;
import dev.holdfast.Progress;
import dev.holdfast.QueuePause;
import dev.holdfast.QueueSettings;
import dev.holdfast.QueueStatus;
import dev.holdfast.QueueSummary;
import dev.holdfast.QueueSummary.FieldIndex;
import dev.holdfast.RecoveryRecord;
import dev.holdfast.RunNext;
import dev.holdfast.Schedule;
import dev.holdfast.ScheduleFire;
import dev.holdfast.ScheduleStatus;
import dev.holdfast.Vitals;
import dev.holdfast.search.JobField;
import dev.holdfast.series.Series;
import dev.holdfast.series.SeriesQuery;
import dev.holdfast.step.Step;
import dev.holdfast.step.StepKind;
import dev.holdfast.timetable.Cron;
import dev.holdfast.timetable.MissedFires;
import dev.holdfast.timetable.Overlap;
import dev.holdfast.timetable.Timetable;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.event.Level;

/** Values with every field set, and the same with as few fields as there can be. */
final class Samples {
  static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private static final JobId ID = JobId.parse("01a22fcc-08c6-7000-beb2-39c674dc9689");
  private static final JobId OTHER = JobId.parse("01a22fcc-08c6-7000-beb2-39c674dc968a");
  private static final NodeId NODE =
      new NodeId(UUID.fromString("5b0f7a3c-90b8-4d43-9b0f-3d0fd6b0a001"));
  private static final Failure FAILURE =
      new Failure(Failure.Kind.TIMEOUT, "took 31 s <a&b> \"é\"", "at a.B.c(B.java:1)\n");

  private Samples() {}

  private static Instant at(String time) {
    return Instant.parse("2026-02-28T" + time + "Z");
  }

  static Job job() {
    return bareJob().toBuilder()
        .state(JobState.INTERRUPTED)
        .payload("{\"n\":1.50,\"big\":9007199254740993,\"text\":\"é\\u0001\"}")
        .payloadVersion(3)
        .priority(-7)
        .attempt(2)
        .maxAttempts(5)
        .crashes(1)
        .lapses(2)
        .token(9_007_199_254_740_993L)
        .timeout(Duration.ofMillis(90_500))
        .key("order-1")
        .group("tenant")
        .tags(List.of("red", "blue"))
        .metadata("{\"owner\":\"ada\"}")
        .requires("{\"gpu\":true}")
        .createdBy("admin")
        .progress(new Progress(40, "half"))
        .result("{\"ok\":[1]}")
        .failure(FAILURE)
        .holder(new Job.Holder(NODE, "worker-1", "host.example", 4711))
        .startedAt(at("10:00:01.5"))
        .finishedAt(at("10:00:02.000001"))
        .interruptedAt(at("10:00:03"))
        .build();
  }

  static Job bareJob() {
    return Job.builder()
        .id(ID)
        .queue("default")
        .type("mail")
        .state(JobState.PENDING)
        .payload("null")
        .runAt(at("10:00:00.001"))
        .createdAt(at("10:00:00"))
        .updatedAt(at("10:00:00.123456"))
        .build();
  }

  static Job longJob() {
    String text = "\"" + "x".repeat(20_000) + "\"";
    return job().toBuilder().payload(text).result(text).build();
  }

  static Page<Job> page() {
    return new Page<>(List.of(job(), bareJob()), Optional.of(PageCursor.of(OTHER)), 7, false);
  }

  static JobEvent event() {
    return new JobEvent(
        at("10:00:00.5"),
        Optional.of(JobState.RUNNING),
        JobState.FAILED,
        "worker-1",
        "gave up",
        4,
        Optional.of(FAILURE));
  }

  static JobEvent firstEvent() {
    return new JobEvent(
        at("10:00:00"), Optional.empty(), JobState.PENDING, "ada", "", 0, Optional.empty());
  }

  static LogLine logLine() {
    return new LogLine(ID, 2, at("10:00:00"), Level.WARN, "slow", Optional.of("{\"ms\":31.0}"));
  }

  static LogLine bareLogLine() {
    return new LogLine(ID, 1, at("10:00:00"), Level.INFO, "", Optional.empty());
  }

  static Explanation explanation() {
    return new Explanation(
        bareJob(),
        List.of(
            new Explanation.Reason(Explanation.Code.QUEUE_PAUSED, "the queue is paused", "resume"),
            new Explanation.Reason(Explanation.Code.DUE, "it is due", "")));
  }

  static Predecessor predecessor() {
    return new Predecessor(
        3, ID, "mail", JobState.COMPLETED, Optional.of("[1,2]"), OnPredecessorFailure.RUN, false);
  }

  static Predecessor openPredecessor() {
    return new Predecessor(
        0, ID, "mail", JobState.RUNNING, Optional.empty(), OnPredecessorFailure.CANCEL, true);
  }

  static Step step() {
    return new Step(
        1,
        "charge",
        StepKind.SLEEP,
        2,
        at("10:00:00"),
        Optional.of(at("10:00:05")),
        Optional.of(at("10:00:04")),
        Optional.of("{\"paid\":true}"));
  }

  static Step openStep() {
    return new Step(
        0,
        "ask",
        StepKind.SIGNAL,
        1,
        at("10:00:00"),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  static Changed changed() {
    return new Changed(ID, Optional.of(JobState.RUNNING), true, Optional.of("pid 7"), 3);
  }

  static Changed unchanged() {
    return new Changed(ID, Optional.empty(), false);
  }

  static RunNext runNext() {
    return new RunNext(true, List.of(ID, OTHER), 12, "started 2");
  }

  static QueueSettings settings() {
    return QueueSettings.defaults()
        .order(ClaimOrder.FAIR)
        .manual(true)
        .concurrency(8)
        .concurrencyPerGroup(2)
        .rate(new QueueSettings.Rate(50, Duration.ofSeconds(1)))
        .indexedFields(List.of(JobField.parse("payload.customer")));
  }

  static QueueSummary queue() {
    return new QueueSummary(
        "mails",
        settings(),
        Optional.of(new QueuePause(at("09:00:00"), "ada")),
        Map.of(JobState.PENDING, 4L, JobState.COMPLETED, 5_000_000_000L),
        Optional.of(at("08:00:00")),
        2,
        List.of(
            new FieldIndex(
                JobField.parse("payload.customer"), false, Optional.of(at("07:00:00")))));
  }

  static QueueSummary bareQueue() {
    return new QueueSummary(
        "default",
        QueueSettings.defaults(),
        Optional.empty(),
        Map.of(),
        Optional.empty(),
        0,
        List.of());
  }

  static QueueStatus.Node node() {
    return new QueueStatus.Node(
        NODE,
        "worker-1",
        "host.example",
        4711,
        "1.0",
        NodePhase.RUNNING,
        NodeCommand.DRAIN,
        List.of("mails", "default"),
        Set.of("mail", "exec"),
        Map.of("gpu", true, "memory", 16),
        8,
        3,
        at("08:00:00"),
        at("11:59:58"),
        QueueStatus.Liveness.ACTIVE,
        new Vitals(
            2,
            1,
            7,
            List.of(
                new Vitals.Duty("promoter", Optional.of(at("11:59:00")), Optional.of("gone"), 3),
                new Vitals.Duty("sweeper", Optional.empty(), Optional.empty(), 0)),
            Map.of("stale", 1L, "acknowledged", 40L, "noticed_millis_max", 250L)));
  }

  static QueueStatus.Node bareNode() {
    return new QueueStatus.Node(
        NODE,
        "",
        "",
        0,
        "",
        NodePhase.STARTING,
        NodeCommand.RUN,
        List.of(),
        Set.of(),
        Map.of(),
        0,
        0,
        at("08:00:00"),
        at("08:00:00"),
        QueueStatus.Liveness.DEAD,
        Vitals.none());
  }

  private static Map<JobState, Long> counts(Map<JobState, Long> given) {
    Map<JobState, Long> counts = new EnumMap<>(JobState.class);
    for (JobState state : JobState.values()) {
      counts.put(state, given.getOrDefault(state, 0L));
    }
    return counts;
  }

  static QueueStatus status() {
    return new QueueStatus(
        counts(Map.of(JobState.PENDING, 4L, JobState.FAILED, 1L)),
        Duration.ofMinutes(30),
        1,
        2,
        Optional.of(bareJob()),
        Optional.of(job()),
        List.of(job()),
        List.of(new QueueStatus.Waiting("mails", "mail", 4)),
        List.of(node()),
        List.of(new QueueStatus.Overdue("nightly", at("03:00:00"))),
        List.of(
            new QueueStatus.Raised("late", at("04:00:00"), Optional.of(17L)),
            new QueueStatus.Raised("dead", at("05:00:00"), Optional.empty())),
        6,
        new QueueStatus.OnHold(3, List.of("mails")),
        new QueueStatus.Recent(2, 5, Optional.of(at("06:00:00")), 4),
        new QueueStatus.Database("sqlite", "/jobs.db", 8_192, Map.of("synchronous", "FULL")));
  }

  static QueueStatus bareStatus() {
    return new QueueStatus(
        counts(Map.of()),
        Duration.ofHours(1),
        0,
        0,
        Optional.empty(),
        Optional.empty(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        0,
        QueueStatus.OnHold.NOTHING,
        new QueueStatus.Recent(0, 0, Optional.empty(), 0),
        new QueueStatus.Database("memory", "", 0, Map.of()));
  }

  static Finding finding() {
    return new Finding(Finding.Gravity.WARNING, "NO_NODE", "nothing runs", "start a worker");
  }

  static ScheduleStatus schedule() {
    return new ScheduleStatus(
        "nightly",
        new Timetable.Calendar(Cron.parse("0 3 * * *"), Schedule.zone("Europe/Berlin")),
        "{\"type\":\"mail\",\"payload\":{\"n\":1.0}}",
        new MissedFires(MissedFires.Policy.CATCH_UP, Duration.ofSeconds(90), 7),
        Overlap.SKIP,
        "ada",
        Optional.of(at("01:00:00")),
        Optional.of(at("03:00:00")),
        Optional.of(at("02:00:00")),
        Optional.of(ID),
        at("00:00:00"),
        at("00:30:00"));
  }

  static ScheduleStatus bareSchedule() {
    return new ScheduleStatus(
        "often",
        new Timetable.Every(Duration.ofMinutes(90)),
        "{\"type\":\"mail\"}",
        MissedFires.once(),
        Overlap.ALLOW,
        "",
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        at("00:00:00"),
        at("00:00:00"));
  }

  static ScheduleFire fire() {
    return new ScheduleFire(
        at("03:00:00"), ScheduleFire.Kind.LATE, Optional.of(ID), at("03:00:09"));
  }

  static ScheduleFire missedFire() {
    return new ScheduleFire(
        at("03:00:00"), ScheduleFire.Kind.MISSED, Optional.empty(), at("03:00:09"));
  }

  static SeriesQuery seriesQuery() {
    return SeriesQuery.between(NOW.minus(Duration.ofHours(1)), NOW, NOW)
        .every(Duration.ofMinutes(30));
  }

  static Series series() {
    Series.Times times =
        new Series.Times(
            9,
            Duration.ofMillis(1),
            Duration.ofMillis(20),
            Duration.ofMillis(50),
            Duration.ofSeconds(1),
            Duration.ofSeconds(20_000_000));
    Series.Point point =
        new Series.Point(
            NOW.minus(Duration.ofHours(1)),
            new Series.Counts(10, 9, 1, 2, 3, 4),
            Optional.of(times),
            Optional.of(times),
            Optional.of(new Series.Depth(5, 2, Duration.ofMillis(1_500))));
    return new Series(Optional.of("mails"), Optional.of("mail"), point, List.of(point));
  }

  static Series bareSeries() {
    Series.Point point =
        new Series.Point(
            NOW.minus(Duration.ofHours(1)),
            Series.Counts.NONE,
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    return new Series(Optional.empty(), Optional.empty(), point, List.of());
  }

  static RecoveryRecord recovery() {
    return new RecoveryRecord(
        17,
        at("10:00:00"),
        NODE,
        Optional.of("worker-1"),
        Optional.of("host.example"),
        RecoveryRecord.Cause.CRASH,
        "its lock is free",
        Optional.of(Duration.ofMillis(250)),
        new RecoveryRecord.Jobs(1, 2, 3, 4, 5),
        "worker-2");
  }

  static RecoveryRecord bareRecovery() {
    return new RecoveryRecord(
        1,
        at("10:00:00"),
        NODE,
        Optional.empty(),
        Optional.empty(),
        RecoveryRecord.Cause.STRAY,
        "",
        Optional.empty(),
        RecoveryRecord.Jobs.NONE,
        "");
  }

  static FailureReport failures() {
    Failure failure = Failure.of(Failure.Kind.ERROR, "order 17 is unknown");
    FailureGroup group =
        new FailureGroup(
            Fingerprint.of("mail", failure),
            "mail",
            failure,
            3,
            at("08:00:00"),
            at("09:00:00"),
            ID,
            Optional.empty());
    FailureGroup muted =
        new FailureGroup(
            Fingerprint.of("exec", failure),
            "exec",
            failure,
            1,
            at("08:00:00"),
            at("08:00:00"),
            OTHER,
            Optional.of(new FailureGroup.Mute(Optional.of(NOW), "ada")));
    return new FailureReport(List.of(group, muted), 4, 1, true);
  }

  static BulkOperation bulkOperation() {
    return new BulkOperation(
        NODE.value(),
        BulkRequest.of(
                BulkAction.REPRIORITIZE,
                JobFilter.in(JobState.PENDING, JobState.SCHEDULED).queue("mails").group("tenant"))
            .priority(3),
        "ada",
        BulkOperation.State.DONE,
        5,
        1,
        9,
        at("08:00:00"),
        at("08:00:01"),
        Optional.of(at("08:00:02")));
  }

  static BulkOperation bareBulkOperation() {
    return new BulkOperation(
        NODE.value(),
        BulkRequest.of(BulkAction.CANCEL, JobFilter.all()),
        "ada",
        BulkOperation.State.RUNNING,
        0,
        0,
        0,
        at("08:00:00"),
        at("08:00:00"),
        Optional.empty());
  }
}
