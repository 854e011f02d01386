package dev.holdfast.jdbc.search;

import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.PageCursor;
import dev.holdfast.jdbc.dialect.ConnectionUse;
import dev.holdfast.jdbc.dialect.Database;
import dev.holdfast.jdbc.dialect.Dialect;
import dev.holdfast.jdbc.dialect.FieldIndexes;
import dev.holdfast.jdbc.dialect.QueueView;
import dev.holdfast.jdbc.dialect.Tx;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Indexes jobs that were enqueued before a field was named, from the newest to the oldest, and
 * those that SQL has enqueued.
 *
 * <p>A job may still be written by a process that does not know of the field yet: because it looks
 * at settings once a second, or in a transaction that is open for long. So this begins some seconds
 * after the field was named, and when all transactions of that time have ended.
 */
public final class FieldBackfill {
  private static final Duration SETTLING = Duration.ofSeconds(10);

  /** A clock that was set back must not delay this: the field was named now, as far as it shows. */
  private static final Sql NAMED_NOW =
      Sql.of(
          """
          update indexed_fields set named_at = :now
           where settled_below is null and named_at > :now
          """);

  private static final Sql SETTLE =
      Sql.of(
          """
          update indexed_fields set settled_below = :below
           where settled_below is null and named_at <= :named_before
          """);

  private static final Sql NEXT =
      Sql.of(
          """
          select queue, from_id, settled_below from indexed_fields
           where settled_below is not null and (from_id is null or from_id > :first)
           order by queue, field
           limit 1
          """);

  /** Fields that are equally far advance together. */
  private static final Sql ADVANCE =
      Sql.of(
          """
          update indexed_fields set from_id = :from_id
           where queue = :queue and settled_below is not null
             and coalesce(from_id, :last) = :expected
          """);

  private static final Sql UNINDEXED =
      Sql.of("select job_id from job_fields where field = 'unindexed' limit :limit");

  private static final Sql DONE =
      Sql.of("delete from job_fields where job_id = :id and field = 'unindexed'");

  private final Database database;
  private final Dialect dialect;
  private final QueueView view;
  private final JobFields fields;

  public FieldBackfill(Database database, Dialect dialect, QueueView view, JobFields fields) {
    this.database = database;
    this.dialect = dialect;
    this.view = view;
    this.fields = fields;
  }

  private record Turn(String queue, Optional<JobId> from) {}

  /**
   * Indexes some jobs. Of concurrent calls one does it.
   *
   * @return whether there is more to do
   */
  public boolean advance(int limit) {
    long now = database.now();
    boolean isUsed =
        database.read(
            ConnectionUse.CALLERS,
            session ->
                view.rows(session, now).values().stream()
                    .anyMatch(row -> !row.settings().indexedFields().isEmpty()));
    if (!isUsed) {
      return false;
    }
    boolean hasMarked = advanceMarked(limit);
    boolean hasOlder = advanceOlder(limit);
    return hasMarked || hasOlder;
  }

  private boolean advanceMarked(int limit) {
    List<JobId> marked =
        database.read(
            ConnectionUse.CALLERS,
            session ->
                session.sql(UNINDEXED).set("limit", limit).list(row -> new JobId(row.id(1))));
    if (marked.isEmpty()) {
      return false;
    }
    return database.write(
        ConnectionUse.CALLERS,
        tx -> {
          fields.add(tx, marked);
          marked.forEach(id -> tx.sql(DONE).set("id", id).update());
          return marked.size() == limit;
        });
  }

  private boolean advanceOlder(int limit) {
    int unused = database.write(ConnectionUse.CALLERS, tx -> settle(tx));
    Optional<Turn> turn = database.read(ConnectionUse.CALLERS, this::next);
    if (turn.isEmpty()) {
      return false;
    }
    JobFilter filter = JobFilter.all().queue(turn.get().queue());
    JobSearch.Result found =
        database.read(
            ConnectionUse.CALLERS,
            session ->
                JobSearch.found(session, filter, turn.get().from().map(PageCursor::of), limit));
    JobId from = found.next().map(PageCursor::id).orElse(FieldIndexes.FIRST);
    return database.write(
        ConnectionUse.CALLERS,
        tx -> {
          List<JobId> ids = found.jobs().stream().map(JobSearch.Found::id).toList();
          fields.add(tx, ids);
          return advanced(tx, turn.get(), from);
        });
  }

  private int settle(Tx tx) {
    tx.sql(NAMED_NOW).set("now", tx.now()).update();
    return tx.sql(SETTLE)
        .set("below", dialect.transactionsSoFar(tx))
        .set("named_before", tx.now() - Micros.of(SETTLING))
        .update();
  }

  private Optional<Turn> next(Session session) {
    return session
        .sql(NEXT)
        .set("first", FieldIndexes.FIRST)
        .first(
            row ->
                dialect.haveEnded(session, row.number("settled_below"))
                    ? Optional.of(
                        new Turn(row.text("queue"), row.maybeId("from_id").map(JobId::new)))
                    : Optional.<Turn>empty())
        .flatMap(turn -> turn);
  }

  private static boolean advanced(Tx tx, Turn turn, JobId from) {
    return tx.sql(ADVANCE)
            .set("queue", turn.queue())
            .set("from_id", from)
            .set("last", SearchWalk.LAST_ID)
            .set("expected", turn.from().orElse(SearchWalk.LAST_ID))
            .update()
        > 0;
  }
}
