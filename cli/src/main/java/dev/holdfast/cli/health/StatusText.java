package dev.holdfast.cli.health;

import dev.holdfast.Job;
import dev.holdfast.JobState;
import dev.holdfast.QueueStatus;
import dev.holdfast.Vitals;
import dev.holdfast.check.Durations;
import dev.holdfast.cli.options.ShownIds;
import dev.holdfast.cli.terminal.Cell;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.StyledLine;
import dev.holdfast.cli.terminal.Table;
import dev.holdfast.cli.terminal.Text;
import dev.holdfast.cli.terminal.Tone;
import dev.holdfast.http.wire.NodeJson;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The health of a queue as text, a part for each kind of facts. */
final class StatusText {
  private static final int ERROR_CHARS = 80;

  private final QueueStatus status;
  private final Console console;
  private final ShownIds ids;

  StatusText(QueueStatus status, Console console) {
    this.status = status;
    this.console = console;
    List<Job> jobs = new ArrayList<>(status.active());
    status.oldestPending().ifPresent(jobs::add);
    status.newest().ifPresent(jobs::add);
    this.ids = ShownIds.of(console, jobs.stream().map(Job::id).toList());
  }

  void print() {
    QueueStatus.Database database = status.database();
    console.line(
        "%s, %s, %,.1f MB, %s"
            .formatted(
                Text.safe(database.name()),
                database.kind(),
                database.bytes() / 1e6,
                settings(database)));
    console.line("");
    Table counts = new Table("STATE", "JOBS");
    for (JobState state : JobState.values()) {
      long jobs = status.counts().getOrDefault(state, 0L);
      Tone tone = jobs == 0 ? Tone.FAINT : Tone.of(state);
      counts.add(List.of(new Cell(state.name(), tone), new Cell(Long.toString(jobs), tone)));
    }
    counts.print(console);
    console.line("");
    printCount("stuck     ", status.stuck());
    printCount("orphaned  ", status.orphaned());
    status.oldestPending().ifPresent(job -> console.line("oldest pending  " + brief(job)));
    status.newest().ifPresent(job -> console.line("newest          " + brief(job)));
    printActive();
    printWaiting();
    printNodes();
    printDuties();
    printCounts();
    printProblems();
  }

  private static String settings(QueueStatus.Database database) {
    return new TreeMap<>(database.settings())
        .entrySet().stream()
            .map(setting -> setting.getKey() + "=" + setting.getValue())
            .collect(Collectors.joining(", "));
  }

  private void printCount(String name, long jobs) {
    Tone tone = jobs == 0 ? Tone.PLAIN : Tone.ALARM;
    console.line(StyledLine.of(Cell.of(name), new Cell(Long.toString(jobs), tone)));
  }

  private String brief(Job job) {
    return "%s, %s, for %s"
        .formatted(ids.of(job.id()), Text.safe(job.type()), age(job.createdAt()));
  }

  private String age(Instant since) {
    return Durations.format(Duration.between(since, console.time().now()));
  }

  private void printActive() {
    Table active =
        new Table("RUNNING", "TYPE", "FOR", "WORKER", "PROCESS").givingWay("PROCESS", "WORKER");
    for (Job job : status.active()) {
      active.add(
          ids.of(job.id()),
          job.type(),
          job.startedAt().map(this::age).orElse(""),
          job.holder().map(Job.Holder::name).orElse(""),
          job.holder().map(holder -> Long.toString(holder.processId())).orElse(""));
    }
    printUnlessEmpty(active);
  }

  private void printWaiting() {
    Table waiting = new Table("WAITING", "TYPE", "JOBS");
    for (QueueStatus.Waiting group : status.waiting()) {
      boolean isAll = group.jobs() < QueueStatus.WAITING_LOOKED_AT;
      waiting.add(group.queue(), group.type(), (isAll ? "" : "at least ") + group.jobs());
    }
    printUnlessEmpty(waiting);
  }

  private void printNodes() {
    Table nodes =
        new Table("NODE", "HOST", "PROCESS", "PHASE", "UP FOR", "HEARTBEAT")
            .givingWay("PROCESS", "HOST");
    for (QueueStatus.Node node : status.nodes()) {
      nodes.add(
          List.of(
              Cell.of(node.name()),
              Cell.of(node.host()),
              Cell.of(Long.toString(node.processId())),
              new Cell(
                  node.phase().name().toLowerCase(Locale.ROOT) + (node.alive() ? "" : " (dead)"),
                  node.alive() ? Tone.PLAIN : Tone.ALARM),
              Cell.of(age(node.startedAt())),
              Cell.of(age(node.heartbeatAt()) + " ago")));
    }
    printUnlessEmpty(nodes);
  }

  private void printDuties() {
    Table duties = new Table("NODE", "DUTY", "LAST RUN", "LAST ERROR");
    for (QueueStatus.Node node : status.nodes()) {
      for (Vitals.Duty duty : node.vitals().duties()) {
        duties.add(
            List.of(
                Cell.of(node.name()),
                Cell.of(duty.name()),
                Cell.of(duty.ranAt().map(at -> age(at) + " ago").orElse("not yet")),
                new Cell(
                    duty.error().map(error -> Text.brief(error, ERROR_CHARS)).orElse(""),
                    Tone.WARNING)));
      }
    }
    printUnlessEmpty(duties);
  }

  private void printCounts() {
    String counts =
        NodeJson.countsOf(status.nodes()).entrySet().stream()
            .filter(count -> count.getValue() > 0)
            .map(count -> count.getKey().replace('_', ' ') + " " + count.getValue())
            .collect(Collectors.joining(", "));
    if (!counts.isEmpty()) {
      console.line("");
      console.line("since these nodes started: " + counts);
    }
  }

  private void printProblems() {
    console.line("");
    if (status.problems().isEmpty()) {
      console.line(StyledLine.of("no problems", Tone.GOOD));
    }
    Findings.print(console, status.problems());
  }

  private void printUnlessEmpty(Table table) {
    if (!table.isEmpty()) {
      console.line("");
      table.print(console);
    }
  }
}
