package dev.holdfast.jdbc.store;

import dev.holdfast.Job;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.QueueStatus;
import dev.holdfast.jdbc.dialect.QueueRows;
import dev.holdfast.jdbc.limits.ReachedLimits;
import dev.holdfast.jdbc.search.Reads;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.LeaseRules;
import dev.holdfast.spi.Situation;
import java.util.List;
import java.util.Optional;

/** Reads the facts that explain a job. */
final class Situations {
  private static final Sql AHEAD =
      Sql.of(
          """
          select count(*) from
            (select 1
               from jobs j
               join (select id, queue from lanes union all select 0, null) l
                 on l.queue = j.queue or l.id = 0
               join jobs a
                 on a.state = 'PENDING' and a.lane = l.id and a.queue = j.queue
                and (a.rank, a.run_at, a.id) < (j.rank, j.run_at, j.id)
              where j.id = :id
              limit :limit) as ahead
          """);

  private static final Sql SHARING =
      Sql.of(
          """
          select count(*)
            from holds mine
            join holds other
              on other.queue = mine.queue and other.node = mine.node and other.line = mine.line
             and other.job_id <> mine.job_id
            join jobs j on j.id = other.job_id and j.token = other.token and j.state = 'RUNNING'
           where mine.job_id = :id
          """);

  private static final Sql WAITS = Sql.of("select waits, uncertain from jobs where id = :id");

  private Situations() {}

  static Optional<Situation> of(Session session, JobId id, long now) {
    Optional<Job> found = Reads.find(session, id);
    return found.map(job -> of(session, job, now));
  }

  private static Situation of(Session session, Job job, long now) {
    List<QueueStatus.Node> nodes = NodeRows.living(session, now);
    LeaseRules rules = NodeRows.rules(session, job.type());
    return new Situation(
        Micros.toInstant(now),
        job,
        ahead(session, job),
        waiting(session, job),
        nodes,
        QueueRows.get(session, job.queue()).paused(),
        ReachedLimits.of(session, job),
        ReachedLimits.rateUntil(session, job, now),
        sharing(session, job),
        rules,
        lastChances(session, job, nodes, rules));
  }

  private static List<Situation.LastChance> lastChances(
      Session session, Job job, List<QueueStatus.Node> nodes, LeaseRules rules) {
    return job.state() == JobState.PENDING && rules.isLastChance(job.crashes())
        ? nodes.stream()
            .map(QueueStatus.Node::id)
            .flatMap(
                node ->
                    LastChances.running(session, node).stream()
                        .map(other -> new Situation.LastChance(node, Optional.of(other))))
            .toList()
        : List.of();
  }

  private static int sharing(Session session, Job job) {
    return job.state() == JobState.RUNNING
        ? (int) session.sql(SHARING).set("id", job.id()).number()
        : 0;
  }

  private static Situation.Waiting waiting(Session session, Job job) {
    if (job.state() != JobState.BLOCKED) {
      return Situation.Waiting.none();
    }
    return session
        .sql(WAITS)
        .set("id", job.id())
        .first(
            row ->
                new Situation.Waiting(
                    row.count(1),
                    Predecessors.open(session, job.id(), Situation.Waiting.TOLD_MAX),
                    JobSignals.awaited(session, job.id()),
                    row.maybeText(2).isPresent()))
        .orElseGet(Situation.Waiting::none);
  }

  private static int ahead(Session session, Job job) {
    return job.state() == JobState.PENDING
        ? (int) session.sql(AHEAD).set("id", job.id()).set("limit", Situation.AHEAD_MAX).number()
        : 0;
  }
}
