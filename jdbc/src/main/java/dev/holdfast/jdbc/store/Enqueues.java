package dev.holdfast.jdbc.store;

import dev.holdfast.Enqueued;
import dev.holdfast.JobId;
import dev.holdfast.spi.JobDraft;
import dev.holdfast.spi.Signal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** Writing new jobs. */
final class Enqueues {
  /** A new key, or an expired one, which the new job takes over; a living one is left as it is. */
  private static final Sql TAKE_KEY =
      Sql.of(
          """
          insert into idempotency_keys (job_group, type, idempotency_key, job_id, expires_at)
          values (:job_group, :type, :idempotency_key, :job_id, :expires_at)
          on conflict (job_group, type, idempotency_key) do update
             set job_id = excluded.job_id, expires_at = excluded.expires_at
           where idempotency_keys.expires_at <= :now
          """);

  private static final Sql FIND_KEY =
      Sql.of(
          """
          select job_id from idempotency_keys
           where job_group = :job_group and type = :type and idempotency_key = :idempotency_key
          """);

  private static final Sql FIND_LIVING_KEY =
      Sql.of(
          """
          select job_id from idempotency_keys
           where job_group = :job_group and type = :type and idempotency_key = :idempotency_key
             and expires_at > :now
          """);

  private static final String NO_GROUP = "";

  private static final Comparator<JobDraft> IN_KEY_ORDER =
      Comparator.comparing(Enqueues::groupOf)
          .thenComparing(JobDraft::type)
          .thenComparing(draft -> draft.key().orElseThrow());

  private final Dialect dialect;
  private final JobLanes lanes;
  private final Ranks ranks;
  private final Predecessors predecessors;

  Enqueues(Dialect dialect, JobLanes lanes, Ranks ranks, Predecessors predecessors) {
    this.dialect = dialect;
    this.lanes = lanes;
    this.ranks = ranks;
    this.predecessors = predecessors;
  }

  List<Enqueued> enqueue(Session session, List<JobDraft> drafts, long now, News news) {
    return write(session, drafts, fresh -> ranks.of(session, fresh, now), now, news);
  }

  /**
   * @param booked the ranks that they have already
   */
  List<Enqueued> enqueueBooked(
      Session session,
      List<JobDraft> drafts,
      ToLongFunction<JobDraft> booked,
      long now,
      News news) {
    return write(session, drafts, fresh -> booked, now, news);
  }

  private List<Enqueued> write(
      Session session,
      List<JobDraft> drafts,
      Function<List<JobDraft>, ToLongFunction<JobDraft>> ranking,
      long now,
      News news) {
    IdentityHashMap<JobDraft, JobId> firsts = takeKeys(session, drafts, now);
    List<Enqueued> answers = new ArrayList<>(drafts.size());
    List<JobDraft> fresh = new ArrayList<>(drafts.size());
    for (JobDraft draft : drafts) {
      JobId first = firsts.get(draft);
      if (first != null) { // it was written before: by another call, or an earlier try of this one
        answers.add(new Enqueued(first, !first.equals(draft.id())));
      } else {
        answers.add(new Enqueued(draft.id(), false));
        fresh.add(draft);
        news.wrote(draft.id());
      }
    }
    ToLongFunction<JobDraft> given = ranking.apply(fresh);
    insert(session, fresh, firsts, given, now)
        .forEach(draft -> tell(draft, given.applyAsLong(draft), now, news));
    return answers;
  }

  /** Answers those that need not wait for others. */
  private List<JobDraft> insert(
      Session session,
      List<JobDraft> fresh,
      Map<JobDraft, JobId> firsts,
      ToLongFunction<JobDraft> given,
      long now) {
    if (!Predecessors.isNeeded(fresh)) {
      dialect.insert(session, fresh, lanes, given, now);
      return fresh;
    }
    Map<JobId, JobId> standIns = new HashMap<>();
    firsts.forEach((draft, first) -> standIns.put(draft.id(), first));
    return predecessors.insert(session, fresh, standIns, given, now);
  }

  /**
   * Takes the keys of drafts that have one, in an order that all callers keep, so that two of them
   * cannot wait for each other.
   *
   * @return the drafts whose key another job has, with that job
   */
  private static IdentityHashMap<JobDraft, JobId> takeKeys(
      Session session, List<JobDraft> drafts, long now) {
    IdentityHashMap<JobDraft, JobId> firsts = new IdentityHashMap<>();
    drafts.stream()
        .filter(draft -> draft.key().isPresent())
        .sorted(IN_KEY_ORDER)
        .forEach(
            draft -> takeKey(session, draft, now).ifPresent(first -> firsts.put(draft, first)));
    return firsts;
  }

  /** Takes the key for this job. @return the job that has it already */
  private static Optional<JobId> takeKey(Session session, JobDraft draft, long now) {
    while (true) {
      int taken =
          key(session.sql(TAKE_KEY), draft)
              .set("job_id", draft.id())
              .set("expires_at", now + Micros.of(draft.keyKept()))
              .set("now", now)
              .update();
      if (taken == 1) {
        return Optional.empty();
      }
      Optional<JobId> first = key(session.sql(FIND_KEY), draft).first(row -> new JobId(row.id(1)));
      if (first.isPresent()) {
        return first; // else it was forgotten in this very moment
      }
    }
  }

  /** The job that has this key, as long as it is remembered. */
  static Optional<JobId> keyOwner(
      Session session, Optional<String> group, String type, String key, long now) {
    return session
        .sql(FIND_LIVING_KEY)
        .set("job_group", group.orElse(NO_GROUP))
        .set("type", type)
        .set("idempotency_key", key)
        .set("now", now)
        .first(row -> new JobId(row.id(1)));
  }

  private static Bound key(Bound statement, JobDraft draft) {
    return statement
        .set("job_group", groupOf(draft))
        .set("type", draft.type())
        .set("idempotency_key", draft.key().orElseThrow());
  }

  private static String groupOf(JobDraft draft) {
    return draft.group().orElse(NO_GROUP);
  }

  private void tell(JobDraft draft, long rank, long now, News news) {
    if (isDue(draft, now)) {
      news.arrived(lanes.of(draft).id(), new Place(rank, Drafts.runAt(draft, now)));
    }
    if (!isDue(draft, now) || draft.runAt().isPresent()) { // by another clock it may not be due yet
      news.add(Signal.SCHEDULED);
    }
  }

  private static boolean isDue(JobDraft draft, long now) {
    return Drafts.runAt(draft, now) <= now;
  }
}
