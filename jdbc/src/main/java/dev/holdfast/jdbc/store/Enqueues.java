package dev.holdfast.jdbc.store;

import dev.holdfast.Enqueued;
import dev.holdfast.JobId;
import dev.holdfast.spi.JobDraft;
import dev.holdfast.spi.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Writing new jobs. */
final class Enqueues {
  private static final Sql FIND_KEY =
      Sql.of(
          """
          select job_id from idempotency_keys
           where job_group = :job_group and type = :type and idempotency_key = :idempotency_key
             and expires_at > :now
          """);

  /** Over an expired key, the new job takes it. */
  private static final Sql PUT_KEY =
      Sql.of(
          """
          insert into idempotency_keys (job_group, type, idempotency_key, job_id, expires_at)
          values (:job_group, :type, :idempotency_key, :job_id, :expires_at)
          on conflict (job_group, type, idempotency_key) do update
             set job_id = excluded.job_id, expires_at = excluded.expires_at
          """);

  private static final String NO_GROUP = "";

  private final Dialect dialect;

  Enqueues(Dialect dialect) {
    this.dialect = dialect;
  }

  List<Enqueued> enqueue(Session session, List<JobDraft> drafts, long now, Set<Signal> signals) {
    List<Enqueued> answers = new ArrayList<>(drafts.size());
    List<JobDraft> fresh = new ArrayList<>(drafts.size());
    for (JobDraft draft : drafts) {
      Optional<JobId> first = draft.key().flatMap(key -> takeKey(session, draft, key, now));
      boolean duplicate = first.isPresent() && !first.get().equals(draft.id());
      answers.add(new Enqueued(first.orElse(draft.id()), duplicate));
      if (first
          .isEmpty()) { // else it was written before: by another call, or an earlier try of this
        fresh.add(draft);
        signals.add(isDue(draft, now) ? Signal.WORK : Signal.SCHEDULED);
      }
    }
    dialect.insert(session, fresh, now);
    return answers;
  }

  /** Takes the key for this job. @return the job that has it already */
  private static Optional<JobId> takeKey(Session session, JobDraft draft, String key, long now) {
    String group = draft.group().orElse(NO_GROUP);
    Optional<JobId> first =
        session
            .sql(FIND_KEY)
            .set("job_group", group)
            .set("type", draft.type())
            .set("idempotency_key", key)
            .set("now", now)
            .first(row -> new JobId(row.id(1)));
    if (first.isEmpty()) {
      session
          .sql(PUT_KEY)
          .set("job_group", group)
          .set("type", draft.type())
          .set("idempotency_key", key)
          .set("job_id", draft.id())
          .set("expires_at", now + Micros.of(draft.keyKept()))
          .update();
    }
    return first;
  }

  private static boolean isDue(JobDraft draft, long now) {
    return Drafts.runAt(draft, now) <= now;
  }
}
