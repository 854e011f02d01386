package dev.holdfast.jdbc.store;

import dev.holdfast.BulkAction;
import dev.holdfast.BulkOperation;
import dev.holdfast.BulkRequest;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.PageCursor;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.jdbc.dialect.Tx;
import dev.holdfast.jdbc.sql.Json;
import dev.holdfast.jdbc.sql.Row;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.search.Scope;
import dev.holdfast.spi.BulkStore;
import dev.holdfast.spi.FilterParameters;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/** The rows of bulk operations. */
final class BulkRows {
  private static final Sql INSERT =
      Sql.of(
          """
          insert into bulk_operations
                 (id, action, filter, job_groups, queue, priority, by_whom, state,
                  created_at, updated_at)
          values (:id, :action, :filter, :job_groups, :queue, :priority, :by_whom, 'RUNNING',
                  :now, :now)
          """);

  private static final Sql NEWEST =
      Sql.of("select * from bulk_operations order by created_at desc, id desc limit :limit");

  private static final Sql FIND = Sql.of("select * from bulk_operations where id = :id");

  private static final Sql RUNNING =
      Sql.of(
          """
          select id from bulk_operations
           where state = 'RUNNING' order by created_at, id limit :limit
          """);

  private static final Sql CANCEL =
      Sql.of(
          """
          update bulk_operations
             set state = 'CANCELLED', finished_at = :now, updated_at = :now
           where id = :id and state = 'RUNNING'
          """);

  private static final Sql COUNT_RUNNING =
      Sql.of("select count(*) from bulk_operations where state = 'RUNNING'");

  private static final Sql CANCEL_REVOKED =
      Sql.of(
          """
          update bulk_operations
             set state = 'CANCELLED', finished_at = :now, updated_at = :now
           where id = :id and state = 'RUNNING'
             and exists (select 1 from tokens t
                          where t.name = by_whom
                            and t.created_at <= bulk_operations.created_at
                            and t.revoked_at >= bulk_operations.created_at)
          """);

  /** Takes the turn: the row is held from here on, and another process that read it comes late. */
  private static final Sql ADVANCE =
      Sql.of(
          """
          update bulk_operations
             set position = :position, state = :state, finished_at = :finished_at,
                 searched = searched + :searched, updated_at = :now
           where id = :id and state = 'RUNNING' and coalesce(position, '') = :expected
          """);

  private static final Sql COUNT =
      Sql.of(
          """
          update bulk_operations set done = done + :done, left_alone = left_alone + :left_alone
           where id = :id
          """);

  private static final Sql FORGET =
      Sql.of(
          """
          delete from bulk_operations
           where state <> 'RUNNING'
             and id not in (select id from
                              (select id from bulk_operations
                                order by created_at desc, id desc limit :kept) newest)
          """);

  private BulkRows() {}

  /**
   * A bulk operation with its position.
   *
   * @param operation the operation
   * @param position the position behind which it continues; empty at its beginning
   */
  record Turn(BulkOperation operation, Optional<PageCursor> position) {}

  static void insert(Tx tx, UUID id, BulkRequest request, String by) {
    int unused =
        tx.sql(INSERT)
            .set("id", new JobId(id))
            .set("action", request.action().name())
            .set("filter", Json.write(FilterParameters.write(request.filter())))
            .set("job_groups", request.filter().scope().groups().map(BulkRows::written))
            .set("queue", request.queue())
            .set("priority", request.priority())
            .set("by_whom", by)
            .set("now", tx.now())
            .update();
  }

  private static String written(Set<String> groups) {
    return Json.write(List.copyOf(new TreeSet<>(groups)));
  }

  static List<BulkOperation> newest(Session session, int limit) {
    return session.sql(NEWEST).set("limit", limit).list(BulkRows::readable).stream()
        .flatMap(Optional::stream)
        .toList();
  }

  static Optional<BulkOperation> find(Session session, UUID id) {
    return session
        .sql(FIND)
        .set("id", new JobId(id))
        .first(BulkRows::readable)
        .flatMap(operation -> operation);
  }

  /** Returns the operations that are running, the oldest first. */
  static List<UUID> running(Session session) {
    return session.sql(RUNNING).set("limit", BulkStore.KEPT).list(row -> row.id(1));
  }

  static Optional<Turn> turn(Session session, UUID id) {
    return session
        .sql(FIND)
        .set("id", new JobId(id))
        .first(row -> new Turn(operation(row), row.maybeText("position").map(PageCursor::parse)));
  }

  /** Returns how many are running. */
  static long countRunning(Tx tx) {
    return tx.sql(COUNT_RUNNING).first(row -> row.number(1)).orElse(0L);
  }

  /** Cancels an operation whose token was revoked. @return whether it did */
  static boolean cancelRevoked(Tx tx, UUID id) {
    return tx.sql(CANCEL_REVOKED).set("id", new JobId(id)).set("now", tx.now()).update() == 1;
  }

  static int cancel(Tx tx, UUID id) {
    return tx.sql(CANCEL).set("id", new JobId(id)).set("now", tx.now()).update();
  }

  /**
   * Moves an operation to its next position.
   *
   * @param next empty at its end
   * @return false if another process did, or the operation has ended
   */
  static boolean advance(Tx tx, Turn turn, Optional<PageCursor> next, long searched) {
    return tx.sql(ADVANCE)
            .set("id", new JobId(turn.operation().id()))
            .set("expected", turn.position().map(PageCursor::toString).orElse(""))
            .set("position", next.map(PageCursor::toString))
            .set("state", next.isPresent() ? "RUNNING" : "DONE")
            .set("finished_at", next.isPresent() ? Optional.<Long>empty() : Optional.of(tx.now()))
            .set("searched", searched)
            .set("now", tx.now())
            .update()
        == 1;
  }

  static void count(Tx tx, UUID id, long done, long leftAlone) {
    int unused =
        tx.sql(COUNT)
            .set("id", new JobId(id))
            .set("done", done)
            .set("left_alone", leftAlone)
            .update();
  }

  static void forget(Tx tx, int kept) {
    int unused = tx.sql(FORGET).set("kept", kept).update();
  }

  /** Returns empty for an operation whose filter this version does not know. */
  private static Optional<BulkOperation> readable(Row row) {
    try {
      return Optional.of(operation(row));
    } catch (InvalidRequestException ofNewerVersion) {
      return Optional.empty();
    }
  }

  private static BulkOperation operation(Row row) {
    JobFilter filter = FilterParameters.read(Json.textLists(row.text("filter")), Set.of());
    Optional<Scope> scope =
        row.maybeText("job_groups").map(groups -> Scope.of(Set.copyOf(Json.texts(groups))));
    BulkRequest request =
        BulkRequest.of(
            BulkAction.valueOf(row.text("action")), filter.within(scope.orElse(Scope.all())));
    Optional<String> queue = row.maybeText("queue");
    request = queue.isPresent() ? request.queue(queue.get()) : request;
    Optional<Long> priority = row.maybeNumber("priority");
    request = priority.isPresent() ? request.priority(priority.get().intValue()) : request;
    return new BulkOperation(
        row.id("id"),
        request,
        row.text("by_whom"),
        BulkOperation.State.valueOf(row.text("state")),
        row.number("done"),
        row.number("left_alone"),
        row.number("searched"),
        row.instant("created_at"),
        row.instant("updated_at"),
        row.maybeInstant("finished_at"));
  }
}
