package dev.holdfast.cli.top;

import dev.holdfast.Explanation;
import dev.holdfast.Job;
import dev.holdfast.JobEvent;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue;
import dev.holdfast.LogFilter;
import dev.holdfast.LogLine;
import dev.holdfast.check.Durations;
import dev.holdfast.cli.terminal.Cell;
import dev.holdfast.cli.terminal.StyledLine;
import dev.holdfast.cli.terminal.Text;
import dev.holdfast.cli.terminal.Tone;
import dev.holdfast.http.Redaction;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * A job as the screen shows it when it is opened.
 *
 * @param explanation the job, and why it is as it is
 * @param events its history
 * @param logs its newest log lines
 * @param redaction hides fields
 */
record JobPage(
    Explanation explanation, List<JobEvent> events, List<LogLine> logs, Redaction redaction) {
  private static final int NAME_COLUMNS = 10;
  private static final int EVENTS_MAX = 20;
  private static final int LOGS_MAX = 20;

  static JobPage read(JobQueue queue, JobId id, Redaction redaction) {
    return new JobPage(
        queue.explain(id),
        last(queue.events(id), EVENTS_MAX),
        last(queue.logs(LogFilter.of(id)), LOGS_MAX),
        redaction);
  }

  private static <T> List<T> last(List<T> all, int max) {
    return all.subList(Math.max(0, all.size() - max), all.size());
  }

  /** Returns the lines of the page in so many columns. */
  List<StyledLine> lines(int columns, Instant now) {
    Job job = explanation.job();
    List<StyledLine> lines = new ArrayList<>();
    lines.add(StyledLine.of("job " + job.id(), Tone.HEADING));
    lines.add(field("state", new Cell(job.state().name(), Tone.of(job.state()))));
    add(lines, columns, "type", job.type() + " in queue " + job.queue());
    add(lines, columns, "attempt", job.attempt() + " of " + job.maxAttempts());
    add(lines, columns, "enqueued", ago(job.createdAt(), now));
    job.startedAt().ifPresent(at -> add(lines, columns, "started", ago(at, now)));
    job.finishedAt().ifPresent(at -> add(lines, columns, "finished", ago(at, now)));
    job.holder()
        .ifPresent(
            holder ->
                add(
                    lines,
                    columns,
                    "node",
                    "%s on %s, process %d"
                        .formatted(holder.name(), holder.host(), holder.processId())));
    job.progress()
        .ifPresent(
            done -> add(lines, columns, "progress", done.percent() + " % " + done.message()));
    add(lines, columns, "payload", redaction.of("payload", job.payload()));
    job.failure()
        .map(failure -> redaction.of(failure, job))
        .ifPresent(why -> add(lines, columns, "failure", why.kind() + ": " + why.message()));
    for (Explanation.Reason reason : explanation.reasons()) {
      add(lines, columns, "why", reason.text());
      add(lines, columns, "", reason.advice().isEmpty() ? "" : "→ " + reason.advice());
    }
    if (!events.isEmpty()) {
      lines.add(StyledLine.of("", Tone.PLAIN));
      events.forEach(
          event ->
              lines.add(
                  StyledLine.of(
                      new Cell(time(event.at()) + "  ", Tone.FAINT),
                      new Cell("%-12s".formatted(event.to()), Tone.of(event.to())),
                      Cell.of("attempt " + event.attempt() + ", " + event.why()))));
    }
    if (!logs.isEmpty()) {
      lines.add(StyledLine.of("", Tone.PLAIN));
      logs.forEach(
          line ->
              lines.add(
                  StyledLine.of(
                      new Cell(time(line.at()) + "  ", Tone.FAINT),
                      Cell.of(line.level() + " " + line.message()))));
    }
    return lines.stream().map(line -> line.cut(columns)).toList();
  }

  private static String time(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static String ago(Instant at, Instant now) {
    Duration age = Duration.between(at, now);
    return "%s ago, %s"
        .formatted(Durations.format(age.isNegative() ? Duration.ZERO : age), time(at));
  }

  private static StyledLine field(String name, Cell value) {
    return StyledLine.of(new Cell(("%-" + NAME_COLUMNS + "s").formatted(name), Tone.FAINT), value);
  }

  private static void add(List<StyledLine> lines, int columns, String name, String value) {
    if (value.isBlank()) {
      return;
    }
    String before = name;
    for (String line : Text.wrap(Text.safe(value.strip()), columns - NAME_COLUMNS)) {
      lines.add(field(before, Cell.of(line)));
      before = "";
    }
  }
}
