package dev.holdfast.jdbc.store;

import dev.holdfast.Job;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.spi.Situation;
import java.util.Optional;

/** What it takes to explain a job. */
final class Situations {
  private static final Sql AHEAD =
      Sql.of(
          """
          select count(*) from
            (select 1 from jobs a, jobs j
              where j.id = :id and a.state = 'PENDING' and a.queue = j.queue
                and (a.rank, a.run_at, a.id) < (j.rank, j.run_at, j.id)
              limit :limit) as ahead
          """);

  private Situations() {}

  static Optional<Situation> of(Session session, JobId id, long now) {
    Optional<Job> found = Reads.find(session, id);
    return found.map(
        job ->
            new Situation(
                Micros.toInstant(now),
                job,
                ahead(session, job),
                NodeRows.living(session, now),
                QueueRows.get(session, job.queue()).paused()));
  }

  private static int ahead(Session session, Job job) {
    return job.state() == JobState.PENDING
        ? (int) session.sql(AHEAD).set("id", job.id()).set("limit", Situation.AHEAD_MAX).number()
        : 0;
  }
}
