package dev.holdfast.cli.top;

import dev.holdfast.Failure;
import dev.holdfast.Job;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.Progress;
import dev.holdfast.QueueStatus;
import dev.holdfast.QueueSummary;
import dev.holdfast.check.Durations;
import dev.holdfast.cli.terminal.Cell;
import dev.holdfast.cli.terminal.Table;
import dev.holdfast.cli.terminal.Text;
import dev.holdfast.cli.terminal.Tone;
import dev.holdfast.cli.top.Pane.Order;
import dev.holdfast.http.Redaction;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** The panes of the screen. */
final class Panes {
  private static final int MESSAGE_CHARS = 200;
  private static final int ID_CHARS = 18;

  private Panes() {}

  /** Returns the queues, with their depth and throughput. */
  static Pane<QueueSummary> queues() {
    return new Pane<>(
        new Queues(),
        List.of(
            Order.descending("by pending", queue -> queue.jobs(JobState.PENDING)),
            Order.descending("by running", queue -> queue.jobs(JobState.RUNNING)),
            Order.ascending("by oldest", queue -> queue.oldestPending().orElse(Instant.MAX)),
            Order.ascending("by name", QueueSummary::name)));
  }

  /** Returns the jobs that run. */
  static Pane<Job> running(Redaction redaction) {
    return new Pane<>(
        new Jobs("RUNNING", Snapshot::running, redaction),
        List.of(
            Order.ascending("longest first", job -> job.startedAt().orElse(Instant.MAX)),
            Order.descending("newest first", job -> job.startedAt().orElse(Instant.MIN)),
            Order.ascending("by queue", Job::queue),
            Order.ascending("by type", Job::type)));
  }

  /** Returns the nodes. */
  static Pane<QueueStatus.Node> nodes() {
    return new Pane<>(
        new Nodes(),
        List.of(
            Order.ascending("by name", QueueStatus.Node::name),
            Order.descending("by jobs", QueueStatus.Node::held),
            Order.ascending("by heartbeat", QueueStatus.Node::heartbeatAt)));
  }

  /** Returns the newest dead letters. */
  static Pane<Job> failures(Redaction redaction) {
    return new Pane<>(
        new Jobs("FAILED", Snapshot::failed, redaction),
        List.of(
            Order.descending("newest first", job -> job.finishedAt().orElse(Instant.MIN)),
            Order.ascending("by queue", Job::queue),
            Order.ascending("by type", Job::type)));
  }

  private static String age(Instant since, Snapshot snapshot) {
    Duration age = Duration.between(since, snapshot.at());
    return Durations.format(age.isNegative() ? Duration.ZERO : age);
  }

  private static final class Queues implements Pane.Supply<QueueSummary> {
    @Override
    public List<QueueSummary> of(Snapshot snapshot) {
      return snapshot.queues();
    }

    @Override
    public String name(QueueSummary queue) {
      return queue.name();
    }

    @Override
    public Table table(Snapshot snapshot, List<QueueSummary> queues) {
      Table table =
          new Table(
                  "QUEUE",
                  "PENDING",
                  "RUNNING",
                  "SCHEDULED",
                  "BLOCKED",
                  "PER MINUTE",
                  "LAST 15 MINUTES",
                  "OLDEST",
                  "NODES",
                  "PAUSED")
              .givingWay("LAST 15 MINUTES", "BLOCKED", "SCHEDULED", "NODES", "OLDEST");
      for (QueueSummary queue : queues) {
        table.add(
            List.of(
                Cell.of(queue.name()),
                count(queue, JobState.PENDING),
                count(queue, JobState.RUNNING),
                count(queue, JobState.SCHEDULED),
                count(queue, JobState.BLOCKED),
                Cell.of(String.format(Locale.ROOT, "%,.1f", snapshot.perMinute(queue.name()))),
                new Cell(Sparkline.of(snapshot.ended(queue.name())), Tone.GOOD),
                Cell.of(queue.oldestPending().map(since -> age(since, snapshot)).orElse("")),
                Cell.of(Integer.toString(queue.nodes())),
                new Cell(
                    queue.paused().map(pause -> "paused by " + pause.by()).orElse(""),
                    Tone.WARNING)));
      }
      return table;
    }

    private static Cell count(QueueSummary queue, JobState state) {
      long jobs = queue.jobs(state);
      return new Cell(
          String.format(Locale.ROOT, "%,d", jobs), jobs == 0 ? Tone.FAINT : Tone.of(state));
    }
  }

  private static final class Nodes implements Pane.Supply<QueueStatus.Node> {
    @Override
    public List<QueueStatus.Node> of(Snapshot snapshot) {
      return snapshot.status().nodes();
    }

    @Override
    public String name(QueueStatus.Node node) {
      return node.id().toString();
    }

    @Override
    public Table table(Snapshot snapshot, List<QueueStatus.Node> nodes) {
      Table table =
          new Table("NODE", "IS", "PHASE", "JOBS", "HEARTBEAT", "UP FOR", "HOST", "QUEUES")
              .givingWay("QUEUES", "UP FOR", "HOST", "PHASE");
      for (QueueStatus.Node node : nodes) {
        table.add(
            List.of(
                Cell.of(node.name()),
                new Cell(lower(node.liveness()), Tone.of(node.liveness())),
                Cell.of(lower(node.phase())),
                Cell.of(node.held() + "/" + node.concurrency()),
                Cell.of(age(node.heartbeatAt(), snapshot) + " ago"),
                Cell.of(age(node.startedAt(), snapshot)),
                Cell.of(node.host()),
                Cell.of(node.queues().isEmpty() ? "all" : String.join(",", node.queues()))));
      }
      return table;
    }

    private static String lower(Enum<?> value) {
      return value.name().toLowerCase(Locale.ROOT);
    }
  }

  /** The jobs that run or have failed. */
  private record Jobs(String heading, Function<Snapshot, List<Job>> jobs, Redaction redaction)
      implements Pane.Supply<Job> {
    @Override
    public List<Job> of(Snapshot snapshot) {
      return jobs.apply(snapshot);
    }

    @Override
    public String name(Job job) {
      return job.id().toString();
    }

    @Override
    public Table table(Snapshot snapshot, List<Job> things) {
      Table table =
          new Table(heading, "QUEUE", "TYPE", "AGO", "FOR", "NODE", "DONE", "PROGRESS", "FAILURE")
              .givingWay("NODE", "QUEUE");
      for (Job job : things) {
        boolean isRunning = job.state() == JobState.RUNNING;
        table.add(
            List.of(
                new Cell(brief(job.id()), Tone.of(job.state())),
                Cell.of(job.queue()),
                Cell.of(job.type()),
                Cell.of(job.finishedAt().map(end -> age(end, snapshot)).orElse("")),
                Cell.of(
                    isRunning ? job.startedAt().map(start -> age(start, snapshot)).orElse("") : ""),
                Cell.of(isRunning ? job.holder().map(Job.Holder::name).orElse("") : ""),
                Cell.of(
                    isRunning ? job.progress().map(now -> now.percent() + " %").orElse("") : ""),
                Cell.of(isRunning ? job.progress().map(Progress::message).orElse("") : ""),
                Cell.of(isRunning ? "" : job.failure().map(why -> text(why, job)).orElse(""))));
      }
      return table;
    }

    private static String brief(JobId id) {
      return id.toString().substring(0, ID_CHARS);
    }

    private String text(Failure failure, Job job) {
      return Text.brief(
          failure.kind() + ": " + redaction.of(failure, job).message(), MESSAGE_CHARS);
    }
  }
}
