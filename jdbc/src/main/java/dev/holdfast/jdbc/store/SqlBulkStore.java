package dev.holdfast.jdbc.store;

import dev.holdfast.BulkAction;
import dev.holdfast.BulkOperation;
import dev.holdfast.BulkRequest;
import dev.holdfast.Job;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue.Changed;
import dev.holdfast.jdbc.dialect.ConnectionUse;
import dev.holdfast.jdbc.dialect.Database;
import dev.holdfast.jdbc.dialect.Dialect;
import dev.holdfast.jdbc.dialect.Tx;
import dev.holdfast.jdbc.search.FieldBackfill;
import dev.holdfast.jdbc.search.JobRows;
import dev.holdfast.jdbc.search.JobSearch;
import dev.holdfast.jdbc.sql.IdLists;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.jdbc.store.Dependents.Cause;
import dev.holdfast.spi.BulkStore;
import dev.holdfast.spi.record.EncodedUpdate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Bulk operations over JDBC. A batch is found outside of its transaction; in it the position of the
 * operation is moved, the jobs are locked, checked once more, and changed. So a process that dies
 * leaves the operation where it was, and of several processes one does each batch.
 */
final class SqlBulkStore implements BulkStore {
  private static final Sql FIND_MANY = IdLists.in("select * from job_rows where id in (%s)");

  private static final Sql UNADOPTED =
      IdLists.in("select on_id from job_waits where on_id in (%s) and adopted = 0");

  private final Database database;
  private final Dialect dialect;
  private final OperatorActions actions;
  private final JobUpdates updates;
  private final FieldBackfill backfill;
  private final Set<UUID> failing = ConcurrentHashMap.newKeySet(); // operations, in this process

  SqlBulkStore(
      Database database,
      Dialect dialect,
      OperatorActions actions,
      JobUpdates updates,
      FieldBackfill backfill) {
    this.backfill = backfill;
    this.database = database;
    this.dialect = dialect;
    this.actions = actions;
    this.updates = updates;
  }

  @Override
  public List<Changed> change(BulkRequest request, List<JobId> ids, String by) {
    return database.write(
        ConnectionUse.CALLERS,
        tx -> {
          Map<JobId, Changed> changed = changed(tx, dated(request, tx.now()), ids, by);
          return ids.stream().map(changed::get).toList();
        });
  }

  private static BulkRequest dated(BulkRequest request, long now) {
    return request.filter(request.filter().at(Micros.toInstant(now)));
  }

  @Override
  public BulkOperation start(UUID id, BulkRequest request, String by) {
    return database.write(
        ConnectionUse.CALLERS,
        tx -> {
          BulkStore.checkCapacity(BulkRows.countRunning(tx));
          BulkRows.insert(tx, id, dated(request, tx.now()), by);
          BulkRows.forget(tx, KEPT);
          return BulkRows.find(tx, id).orElseThrow();
        });
  }

  @Override
  public List<BulkOperation> list(int limit) {
    return database.read(ConnectionUse.CALLERS, session -> BulkRows.newest(session, limit));
  }

  @Override
  public Optional<BulkOperation> find(UUID id) {
    return database.read(ConnectionUse.CALLERS, session -> BulkRows.find(session, id));
  }

  @Override
  public void cancel(UUID id) {
    int unused = database.write(ConnectionUse.CALLERS, tx -> BulkRows.cancel(tx, id));
  }

  @Override
  public boolean indexFields(int limit) {
    return backfill.advance(limit);
  }

  @Override
  public boolean advance(int limit) {
    Optional<UUID> next = next(database.read(ConnectionUse.CALLERS, BulkRows::running));
    if (next.isEmpty()) {
      return false;
    }
    UUID id = next.get();
    failing.add(id); // until it has gone well
    Optional<BulkRows.Turn> turn =
        database.read(ConnectionUse.CALLERS, session -> BulkRows.turn(session, id));
    turn.ifPresent(now -> advance(now, limit));
    failing.remove(id);
    return true;
  }

  /** Chooses the oldest operation that did not fail; if all did, all are tried again. */
  private Optional<UUID> next(List<UUID> running) {
    failing.retainAll(running);
    if (failing.containsAll(running)) {
      failing.clear();
    }
    return running.stream().filter(id -> !failing.contains(id)).findFirst();
  }

  private void advance(BulkRows.Turn turn, int limit) {
    BulkRequest request = turn.operation().request();
    JobSearch.Result found =
        request
            .affected()
            .map(
                filter ->
                    database.read(
                        ConnectionUse.CALLERS,
                        session -> JobSearch.found(session, filter, turn.position(), limit)))
            .orElse(JobSearch.Result.NONE);
    boolean unused =
        database.write(
            ConnectionUse.CALLERS,
            tx -> {
              boolean isOver = BulkRows.cancelRevoked(tx, turn.operation().id());
              if (!isOver && BulkRows.advance(tx, turn, found.next(), found.examined())) {
                apply(tx, turn.operation(), found);
              }
              return true;
            });
  }

  private void apply(Tx tx, BulkOperation operation, JobSearch.Result found) {
    List<JobId> ids = found.jobs().stream().map(JobSearch.Found::id).toList();
    long done =
        changed(tx, operation.request(), ids, operation.by()).values().stream()
            .filter(Changed::done)
            .count();
    BulkRows.count(tx, operation.id(), done, ids.size() - done);
  }

  /** Changes those of these jobs that are free and match now, under their locks. */
  private Map<JobId, Changed> changed(Tx tx, BulkRequest request, List<JobId> ids, String by) {
    Map<JobId, Changed> answers = new HashMap<>();
    Set<JobId> free = free(tx, request.action(), ids);
    Map<JobId, Job> jobs = new HashMap<>();
    IdLists.list(tx, FIND_MANY, ids, JobRows::job).forEach(job -> jobs.put(job.id(), job));
    List<JobId> matching = new ArrayList<>();
    for (JobId id : ids) {
      Optional<Job> job = Optional.ofNullable(jobs.get(id));
      Optional<String> held =
          job.isPresent() && !free.contains(id) ? Optional.of("another") : Optional.empty();
      answers.put(id, new Changed(id, job.map(Job::state), false, held, 0));
      boolean matches =
          held.isEmpty()
              && job.flatMap(found -> request.affected().filter(wanted -> wanted.matches(found)))
                  .isPresent();
      if (matches) {
        matching.add(id);
      }
    }
    apply(tx, request, matching, by).forEach(changed -> answers.put(changed.id(), changed));
    return answers;
  }

  private Set<JobId> free(Tx tx, BulkAction action, List<JobId> ids) {
    if (action != BulkAction.DELETE) {
      return dialect.holdFree(tx, ids);
    }
    Set<JobId> free = new HashSet<>(dialect.holdFreeToDelete(tx, ids));
    free.removeAll(IdLists.list(tx, UNADOPTED, ids, row -> new JobId(row.id(1))));
    return free;
  }

  private List<Changed> apply(Tx tx, BulkRequest request, List<JobId> ids, String by) {
    Cause cause = new Cause(by, request.filter().scope());
    return switch (request.action()) {
      case CANCEL, DISCARD -> actions.cancel(tx, ids, cause);
      case RETRY -> actions.retry(tx, ids, by);
      case RESUME -> actions.resume(tx, ids, by);
      case DELETE -> actions.delete(tx, ids, cause);
      case MOVE -> actions.move(tx, ids, request.queue().orElseThrow());
      case REPRIORITIZE -> reprioritized(tx, request, ids, by);
    };
  }

  private List<Changed> reprioritized(Tx tx, BulkRequest request, List<JobId> ids, String by) {
    EncodedUpdate update =
        new EncodedUpdate(
            Optional.empty(), 1, request.priority(), Optional.empty(), Optional.empty());
    return ids.stream().map(id -> updates.amend(tx, id, update, by)).toList();
  }
}
