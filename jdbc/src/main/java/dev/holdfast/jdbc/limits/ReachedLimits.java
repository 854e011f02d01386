package dev.holdfast.jdbc.limits;

import dev.holdfast.Job;
import dev.holdfast.JobId;
import dev.holdfast.QueueSettings;
import dev.holdfast.jdbc.dialect.QueueRow;
import dev.holdfast.jdbc.dialect.QueueRows;
import dev.holdfast.jdbc.dialect.TypeLimits;
import dev.holdfast.jdbc.sql.Bound;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.Situation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds the limits that currently block a job. */
public final class ReachedLimits {
  private static final int NAMED_MAX = 3;

  /**
   * The number of rows read: more than a limit allows, as jobs that share a permit count as one.
   */
  private static final int READ_MAX = 10_000;

  private static final Sql OF_QUEUE =
      Sql.of(
          """
          select j.id, h.line from holds h
            join jobs j on j.id = h.job_id and j.token = h.token and j.state = 'RUNNING'
           where h.queue = :name
           limit :limit
          """);

  private static final Sql OF_TYPE =
      Sql.of(
          """
          select j.id, h.line from holds h
            join jobs j on j.id = h.job_id and j.token = h.token and j.state = 'RUNNING'
           where h.type = :name
           limit :limit
          """);

  private static final Sql OF_GROUP =
      Sql.of(
          """
          select j.id, h.line from holds h
            join jobs j on j.id = h.job_id and j.token = h.token and j.state = 'RUNNING'
           where h.queue = :queue and h.job_group = :name
           limit :limit
          """);

  private ReachedLimits() {}

  private record Holder(JobId job, Optional<Long> line) {}

  public static List<Situation.Reached> of(Session session, Job job) {
    Optional<QueueRow> row = QueueRows.find(session, job.queue());
    QueueSettings settings = row.map(QueueRow::settings).orElseGet(QueueSettings::defaults);
    String group = job.group().orElse("");
    List<Situation.Reached> reached = new ArrayList<>();
    if (settings.manual() && row.map(QueueRow::allowance).orElse(0) == 0) {
      String how = "queue '%s', which is in manual mode: holdfast run-next %s";
      reached.add(new Situation.Reached(how.formatted(job.queue(), job.queue()), 0, List.of()));
    }
    settings
        .concurrency()
        .ifPresent(
            most ->
                add(
                    reached,
                    "queue '" + job.queue() + "'",
                    most,
                    session.sql(OF_QUEUE).set("name", job.queue())));
    settings
        .concurrencyPerGroup()
        .ifPresent(
            most ->
                add(
                    reached,
                    "group '" + group + "'",
                    most,
                    session.sql(OF_GROUP).set("queue", job.queue()).set("name", group)));
    Optional.ofNullable(TypeLimits.all(session).get(job.type()))
        .ifPresent(
            most ->
                add(
                    reached,
                    "type '" + job.type() + "'",
                    most,
                    session.sql(OF_TYPE).set("name", job.type())));
    return reached;
  }

  private static void add(List<Situation.Reached> reached, String what, int most, Bound running) {
    Set<Optional<Long>> lines = new HashSet<>();
    List<JobId> holders =
        running
            .set("limit", READ_MAX)
            .list(row -> new Holder(new JobId(row.id(1)), row.maybeNumber(2)))
            .stream()
            .filter(holder -> holder.line().isEmpty() || lines.add(holder.line()))
            .map(Holder::job)
            .limit(most)
            .toList();
    if (holders.size() >= most) {
      List<JobId> named = holders.subList(0, Math.min(NAMED_MAX, holders.size()));
      reached.add(new Situation.Reached(what, most, List.copyOf(named)));
    }
  }

  public static Optional<Instant> rateUntil(Session session, Job job, long now) {
    Optional<QueueRow> row = QueueRows.find(session, job.queue());
    return row.flatMap(found -> found.settings().rate())
        .map(rate -> new RateCounts(rate, row.map(QueueRow::rateCounts).orElse(""), now))
        .filter(counts -> counts.free() == 0)
        .map(counts -> Micros.toInstant(counts.freeAt()));
  }
}
