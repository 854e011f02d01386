package dev.holdfast.jdbc.store;

import dev.holdfast.Enqueued;
import dev.holdfast.JobId;
import dev.holdfast.jdbc.dialect.Dialect;
import dev.holdfast.jdbc.dialect.Drafts;
import dev.holdfast.jdbc.dialect.JobLanes;
import dev.holdfast.jdbc.dialect.Place;
import dev.holdfast.jdbc.dialect.Tx;
import dev.holdfast.jdbc.search.JobFields;
import dev.holdfast.jdbc.sql.Bound;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.Signal;
import dev.holdfast.spi.record.JobDraft;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** Writes new jobs. */
final class Enqueues {
  /** Inserts a key, or takes over an expired one; a valid one is left unchanged. */
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
             and exists (select 1 from jobs where jobs.id = idempotency_keys.job_id)
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
  private final JobFields fields;

  Enqueues(
      Dialect dialect, JobLanes lanes, Ranks ranks, Predecessors predecessors, JobFields fields) {
    this.fields = fields;
    this.dialect = dialect;
    this.lanes = lanes;
    this.ranks = ranks;
    this.predecessors = predecessors;
  }

  List<Enqueued> enqueue(Tx tx, List<JobDraft> drafts) {
    return write(tx, drafts, fresh -> ranks.of(tx, fresh), false);
  }

  /** Enqueues in a caller's transaction. */
  List<Enqueued> enqueueIn(Tx tx, List<JobDraft> drafts) {
    return write(tx, drafts, fresh -> ranks.of(tx, fresh), true);
  }

  /**
   * Enqueues jobs with known ranks.
   *
   * @param booked the ranks reserved for them
   */
  List<Enqueued> enqueueBooked(Tx tx, List<JobDraft> drafts, ToLongFunction<JobDraft> booked) {
    return write(tx, drafts, fresh -> booked, true);
  }

  private List<Enqueued> write(
      Tx tx,
      List<JobDraft> drafts,
      Function<List<JobDraft>, ToLongFunction<JobDraft>> ranking,
      boolean isCallers) {
    IdentityHashMap<JobDraft, JobId> firsts = takeKeys(tx, drafts);
    List<Enqueued> answers = new ArrayList<>(drafts.size());
    List<JobDraft> fresh = new ArrayList<>(drafts.size());
    for (JobDraft draft : drafts) {
      JobId first = firsts.get(draft);
      if (first != null) { // it was written before: by another call, or an earlier try of this one
        answers.add(new Enqueued(first, !first.equals(draft.id())));
      } else {
        answers.add(new Enqueued(draft.id(), false));
        fresh.add(draft);
        tx.postCommit().wrote(draft.id());
      }
    }
    ToLongFunction<JobDraft> given = ranking.apply(fresh);
    insert(tx, fresh, firsts, given, isCallers)
        .forEach(draft -> tell(draft, given.applyAsLong(draft), tx));
    fields.add(tx, fresh);
    return answers;
  }

  /** Inserts jobs. Returns those that need not wait for others. */
  private List<JobDraft> insert(
      Tx tx,
      List<JobDraft> fresh,
      Map<JobDraft, JobId> firsts,
      ToLongFunction<JobDraft> given,
      boolean isCallers) {
    if (!Predecessors.isNeeded(fresh)) {
      dialect.insert(tx, fresh, lanes, given);
      return fresh;
    }
    Map<JobId, JobId> standIns = new HashMap<>();
    firsts.forEach((draft, first) -> standIns.put(draft.id(), first));
    return predecessors.insert(tx, fresh, standIns, given, isCallers);
  }

  /**
   * Takes the keys of drafts that have one, in an order common to all callers, so that two of them
   * cannot deadlock.
   *
   * @return the drafts whose key belongs to another job, with that job
   */
  private static IdentityHashMap<JobDraft, JobId> takeKeys(Tx tx, List<JobDraft> drafts) {
    IdentityHashMap<JobDraft, JobId> firsts = new IdentityHashMap<>();
    drafts.stream()
        .filter(draft -> draft.key().isPresent())
        .sorted(IN_KEY_ORDER)
        .forEach(draft -> takeKey(tx, draft).ifPresent(first -> firsts.put(draft, first)));
    return firsts;
  }

  /** Takes the key for this job. @return the job that already has it */
  private static Optional<JobId> takeKey(Tx tx, JobDraft draft) {
    while (true) {
      int taken =
          key(tx.sql(TAKE_KEY), draft)
              .set("job_id", draft.id())
              .set("expires_at", tx.now() + Micros.of(draft.keyKept()))
              .set("now", tx.now())
              .update();
      if (taken == 1) {
        return Optional.empty();
      }
      Optional<JobId> first = key(tx.sql(FIND_KEY), draft).first(row -> new JobId(row.id(1)));
      if (first.isPresent()) {
        return first; // else it was removed just now
      }
    }
  }

  /** Returns the job that has this key, as long as both exist. */
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

  private void tell(JobDraft draft, long rank, Tx tx) {
    if (isDue(draft, tx.now())) {
      tx.postCommit().arrived(lanes.of(draft).id(), new Place(rank, Drafts.runAt(draft, tx.now())));
    }
    if (!isDue(draft, tx.now())
        || draft.runAt().isPresent()) { // by another clock it may not be due yet
      tx.postCommit().add(Signal.SCHEDULED);
    }
  }

  private static boolean isDue(JobDraft draft, long now) {
    return Drafts.runAt(draft, now) <= now;
  }
}
