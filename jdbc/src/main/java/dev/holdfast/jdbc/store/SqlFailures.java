package dev.holdfast.jdbc.store;

import dev.holdfast.Failure;
import dev.holdfast.FailureGroup;
import dev.holdfast.FailureGroup.Mute;
import dev.holdfast.FailureReport;
import dev.holdfast.Fingerprint;
import dev.holdfast.JobId;
import dev.holdfast.check.Check;
import dev.holdfast.jdbc.dialect.ConnectionUse;
import dev.holdfast.jdbc.dialect.Database;
import dev.holdfast.jdbc.dialect.Dialect;
import dev.holdfast.jdbc.sql.Bound;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Row;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.search.FailureQuery;
import dev.holdfast.spi.FailureStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Dead letters by the reason of their failure, over JDBC: along the index of fingerprints. */
final class SqlFailures implements FailureStore {
  private static final Sql GROUPS =
      Sql.of(
          """
          select fingerprint, count(*), min(finished_at), max(finished_at)
            from (select fingerprint, finished_at from jobs
                   where state = 'FAILED' and fingerprint is not null
                     and (cast(:queue as text) is null or queue = :queue)
                     and finished_at >= :since
                   limit :most) as dead
           group by fingerprint order by count(*) desc, fingerprint limit :groups
          """);

  private static final Sql GROUPS_OF_TYPE =
      Sql.of(
          """
          select fingerprint, count(*), min(finished_at), max(finished_at)
            from (select fingerprint, finished_at from jobs
                   where state = 'FAILED' and fingerprint is not null and type = :type
                     and (cast(:queue as text) is null or queue = :queue)
                     and finished_at >= :since
                   limit :most) as dead
           group by fingerprint order by count(*) desc, fingerprint limit :groups
          """);

  private static final Sql GROUP =
      Sql.of(
          """
          select fingerprint, count(*), min(finished_at), max(finished_at)
            from (select fingerprint, finished_at from jobs
                   where state = 'FAILED' and fingerprint = :fingerprint limit :most) as dead
           group by fingerprint
          """);

  private static final Sql EXAMPLE =
      Sql.of(
          """
          select id, type, failure_kind, failure_message from jobs
           where state = 'FAILED' and fingerprint = :fingerprint
             and (cast(:queue as text) is null or queue = :queue)
             and finished_at = :last
           order by id limit 1
          """);

  private static final Sql JOBS =
      Sql.of(
          """
          select id from jobs where state = 'FAILED' and fingerprint = :fingerprint
           order by finished_at, id limit :limit
          """);

  private static final Sql MUTES =
      Sql.of("select * from failure_mutes where until is null or until > :now");

  private static final Sql MUTE =
      Sql.of(
          """
          insert into failure_mutes (fingerprint, muted_at, until, muted_by)
          values (:fingerprint, :now, :until, :by_whom)
          on conflict (fingerprint) do update
             set muted_at = excluded.muted_at, until = excluded.until,
                 muted_by = excluded.muted_by
          """);

  private static final Sql UNMUTE =
      Sql.of("delete from failure_mutes where fingerprint = :fingerprint");

  private static final Sql FORGET_MUTES =
      Sql.of("delete from failure_mutes where until is not null and until <= :now");

  private static final Sql UNKNOWN =
      Sql.of(
          """
          select id, type, failure_kind, failure_message from jobs
           where state = 'FAILED' and fingerprint is null limit :limit
          """);

  private static final Sql FILL =
      Sql.of(
          """
          update jobs set fingerprint = :fingerprint
           where id = :id and state = 'FAILED' and fingerprint is null
          """);

  private final Database database;
  private final Dialect dialect;

  SqlFailures(Database database, Dialect dialect) {
    this.database = database;
    this.dialect = dialect;
  }

  private record Counted(Fingerprint fingerprint, long jobs, long first, long last) {
    private static Counted of(Row row) {
      return new Counted(
          new Fingerprint(row.number(1)), row.number(2), row.number(3), row.number(4));
    }
  }

  @Override
  public FailureReport list(FailureQuery query) {
    long now = database.now();
    return database.read(
        ConnectionUse.CALLERS,
        session -> {
          Bound count =
              query
                  .type()
                  .map(type -> session.sql(GROUPS_OF_TYPE).set("type", type))
                  .orElseGet(() -> session.sql(GROUPS));
          List<Counted> all =
              count
                  .set("queue", query.queue())
                  .set("since", query.since().map(Micros::of).orElse(0L))
                  .set("most", FailureReport.LOOKED_AT_MAX)
                  .set("groups", FailureReport.GROUPS_MAX)
                  .list(Counted::of);
          return report(session, query, all, mutes(session, now));
        });
  }

  private static FailureReport report(
      Session session, FailureQuery query, List<Counted> all, Map<Fingerprint, Mute> mutes) {
    long jobs = 0;
    long muted = 0;
    List<FailureGroup> groups = new ArrayList<>();
    for (Counted one : all) {
      boolean isMuted = mutes.containsKey(one.fingerprint);
      jobs += one.jobs;
      muted += isMuted ? one.jobs : 0;
      if (groups.size() < query.limit() && query.muted().orElse(isMuted) == isMuted) {
        group(session, one, query.queue(), mutes).ifPresent(groups::add);
      }
    }
    return new FailureReport(groups, jobs, muted, jobs < FailureReport.LOOKED_AT_MAX);
  }

  /** Returns a group; empty if its example was retried or removed just now. */
  private static Optional<FailureGroup> group(
      Session session, Counted one, Optional<String> queue, Map<Fingerprint, Mute> mutes) {
    return session
        .sql(EXAMPLE)
        .set("fingerprint", one.fingerprint.value())
        .set("queue", queue)
        .set("last", one.last)
        .first(
            row ->
                new FailureGroup(
                    one.fingerprint,
                    row.text(2),
                    failure(row),
                    one.jobs,
                    Micros.toInstant(one.first),
                    Micros.toInstant(one.last),
                    new JobId(row.id(1)),
                    Optional.ofNullable(mutes.get(one.fingerprint))));
  }

  /** Reads the columns 3 and 4. */
  private static Failure failure(Row row) {
    return Failure.of(
        row.maybeText(3).map(Failure.Kind::valueOf).orElse(Failure.Kind.ERROR),
        row.maybeText(4).orElse(""));
  }

  private static Map<Fingerprint, Mute> mutes(Session session, long now) {
    Map<Fingerprint, Mute> mutes = new HashMap<>();
    session
        .sql(MUTES)
        .set("now", now)
        .list(
            row ->
                mutes.put(
                    new Fingerprint(row.number("fingerprint")),
                    new Mute(row.maybeInstant("until"), row.text("muted_by"))));
    return mutes;
  }

  @Override
  public Optional<FailureGroup> find(Fingerprint fingerprint) {
    long now = database.now();
    return database.read(
        ConnectionUse.CALLERS,
        session ->
            session
                .sql(GROUP)
                .set("fingerprint", fingerprint.value())
                .set("most", FailureReport.LOOKED_AT_MAX)
                .first(Counted::of)
                .flatMap(one -> group(session, one, Optional.empty(), mutes(session, now))));
  }

  @Override
  public List<JobId> jobs(Fingerprint fingerprint, int limit) {
    return database.read(
        ConnectionUse.CALLERS,
        session ->
            session
                .sql(JOBS)
                .set("fingerprint", fingerprint.value())
                .set("limit", limit)
                .list(row -> new JobId(row.id(1))));
  }

  @Override
  public void mute(Fingerprint fingerprint, Optional<Instant> until, String by) {
    int unused =
        database.write(
            ConnectionUse.CALLERS,
            tx -> {
              until.ifPresent(
                  end ->
                      Check.that(
                          Micros.of(end) > tx.now(), "a mute must end in the future, was %s", end));
              int forgotten = tx.sql(FORGET_MUTES).set("now", tx.now()).update();
              return forgotten
                  + tx.sql(MUTE)
                      .set("fingerprint", fingerprint.value())
                      .set("now", tx.now())
                      .set("until", until.map(Micros::of))
                      .set("by_whom", by)
                      .update();
            });
  }

  @Override
  public boolean unmute(Fingerprint fingerprint) {
    return database.write(
        ConnectionUse.CALLERS,
        tx -> {
          tx.sql(FORGET_MUTES).set("now", tx.now()).update();
          return tx.sql(UNMUTE).set("fingerprint", fingerprint.value()).update() == 1;
        });
  }

  private record Unknown(JobId id, Fingerprint fingerprint) {
    private static Unknown of(Row row) {
      return new Unknown(new JobId(row.id(1)), Fingerprint.of(row.text(2), failure(row)));
    }
  }

  /** Looks before it writes: most of the time none is without a fingerprint. */
  @Override
  public int fill(int limit) {
    List<Unknown> found =
        database.read(
            ConnectionUse.DUTIES,
            session -> session.sql(UNKNOWN).set("limit", limit).list(Unknown::of));
    if (found.isEmpty()) {
      return 0;
    }
    return database.write(
        ConnectionUse.DUTIES,
        tx -> {
          Set<JobId> free = dialect.holdFree(tx, found.stream().map(Unknown::id).toList());
          List<Unknown> toFill = found.stream().filter(one -> free.contains(one.id)).toList();
          tx.updateEach(
              FILL,
              toFill,
              (fill, one) -> fill.set("id", one.id).set("fingerprint", one.fingerprint.value()));
          return toFill.size();
        });
  }
}
