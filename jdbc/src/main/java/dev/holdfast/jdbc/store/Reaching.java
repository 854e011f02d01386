package dev.holdfast.jdbc.store;

import dev.holdfast.Job;
import dev.holdfast.JobId;
import dev.holdfast.QueueSettings;
import dev.holdfast.spi.Situation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which limits a job meets that are reached. */
final class Reaching {
  private static final int NAMED_MAX = 3;

  private static final Sql OF_QUEUE =
      Sql.of("select id from jobs where state = 'RUNNING' and queue = :name limit :limit");

  private static final Sql OF_TYPE =
      Sql.of("select id from jobs where state = 'RUNNING' and type = :name limit :limit");

  private static final Sql OF_GROUP =
      Sql.of(
          """
          select id from jobs
           where state = 'RUNNING' and queue = :queue and coalesce(job_group, '') = :name
           limit :limit
          """);

  private Reaching() {}

  static List<Situation.Reached> of(Session session, Job job) {
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
    List<JobId> holders = running.set("limit", most).list(row -> new JobId(row.id(1)));
    if (holders.size() >= most) {
      List<JobId> named = holders.subList(0, Math.min(NAMED_MAX, holders.size()));
      reached.add(new Situation.Reached(what, most, List.copyOf(named)));
    }
  }

  static Optional<Instant> rateUntil(Session session, Job job, long now) {
    Optional<QueueRow> row = QueueRows.find(session, job.queue());
    return row.flatMap(found -> found.settings().rate())
        .map(rate -> new RateCounts(rate, row.map(QueueRow::rateCounts).orElse(""), now))
        .filter(counts -> counts.free() == 0)
        .map(counts -> Micros.toInstant(counts.freeAt()));
  }
}
