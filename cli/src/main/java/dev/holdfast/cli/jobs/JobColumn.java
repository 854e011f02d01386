package dev.holdfast.cli.jobs;

import dev.holdfast.Failure;
import dev.holdfast.Job;
import dev.holdfast.Progress;
import dev.holdfast.check.Durations;
import dev.holdfast.cli.options.ShownIds;
import dev.holdfast.cli.terminal.Cell;
import dev.holdfast.cli.terminal.Text;
import dev.holdfast.cli.terminal.Tone;
import dev.holdfast.http.Redaction;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The columns of a table of jobs. */
enum JobColumn {
  /** The id. */
  ID,
  /** The queue. */
  QUEUE,
  /** The type. */
  TYPE,
  /** The state. */
  STATE,
  /** The priority. */
  PRIO,
  /** The attempts, of how many. */
  ATTEMPT,
  /** The progress that the handler reported. */
  PROGRESS,
  /** The time since the enqueue. */
  AGE,
  /** The time from being due to the start of the newest attempt, so far. */
  WAIT,
  /** The time of the newest attempt, so far. */
  RUN,
  /** The last line of the failure's message. */
  FAILURE,
  /** The group. */
  GROUP,
  /** The idempotency key. */
  KEY,
  /** The tags. */
  TAGS,
  /** The node that runs it, or ran it last. */
  NODE,
  /** The time of the enqueue. */
  CREATED,
  /** The time of the end. */
  FINISHED;

  /** The columns that are shown unless others are requested. */
  static final List<JobColumn> USUAL =
      List.of(ID, QUEUE, TYPE, STATE, PRIO, ATTEMPT, PROGRESS, AGE, WAIT, RUN, FAILURE);

  private static final int FAILURE_CHARS = 60;

  /** Returns the name of the option's value. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the cell of a job in this column. */
  Cell of(Job job, ShownIds ids, Redaction redaction, Instant now) {
    return switch (this) {
      case ID -> Cell.of(ids.of(job.id()));
      case STATE -> new Cell(job.state().name(), Tone.of(job.state()));
      default -> Cell.of(text(job, redaction, now));
    };
  }

  private String text(Job job, Redaction redaction, Instant now) {
    return switch (this) {
      case ID -> job.id().toString();
      case QUEUE -> job.queue();
      case TYPE -> job.type();
      case STATE -> job.state().name();
      case PRIO -> Integer.toString(job.priority());
      case ATTEMPT -> job.attempt() + "/" + job.maxAttempts();
      case PROGRESS -> job.progress().map(Progress::percent).map(done -> done + " %").orElse("");
      case AGE -> duration(job.createdAt(), now);
      case WAIT -> wait(job, now);
      case RUN -> job.startedAt().map(start -> duration(start, end(job, now))).orElse("");
      case FAILURE -> job.failure().map(why -> last(redaction.of(why, job))).orElse("");
      case GROUP -> job.group().orElse("");
      case KEY -> job.key().orElse("");
      case TAGS -> String.join(",", job.tags());
      case NODE -> job.holder().map(Job.Holder::name).orElse("");
      case CREATED -> job.createdAt().truncatedTo(ChronoUnit.SECONDS).toString();
      case FINISHED ->
          job.finishedAt().map(end -> end.truncatedTo(ChronoUnit.SECONDS).toString()).orElse("");
    };
  }

  private static String wait(Job job, Instant now) {
    Optional<Instant> end = job.startedAt().or(job::finishedAt);
    return job.runAt().isAfter(end.orElse(now)) ? "" : duration(job.runAt(), end.orElse(now));
  }

  private static Instant end(Job job, Instant now) {
    return job.finishedAt().or(job::interruptedAt).orElse(now);
  }

  private static String duration(Instant from, Instant to) {
    Duration duration = Duration.between(from, to);
    return Durations.format(duration.isNegative() ? Duration.ZERO : duration);
  }

  private static String last(Failure failure) {
    List<String> lines = failure.message().strip().lines().toList();
    String line = lines.isEmpty() ? "" : lines.get(lines.size() - 1);
    return Text.brief(failure.kind() + ": " + line, FAILURE_CHARS);
  }
}
