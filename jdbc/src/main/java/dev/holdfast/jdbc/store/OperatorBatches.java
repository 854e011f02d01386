package dev.holdfast.jdbc.store;

import dev.holdfast.JobId;
import dev.holdfast.JobQueue.Changed;
import dev.holdfast.JobState;
import dev.holdfast.error.BusyException;
import dev.holdfast.jdbc.dialect.ConnectionUse;
import dev.holdfast.jdbc.dialect.Database;
import dev.holdfast.jdbc.dialect.Dialect;
import dev.holdfast.jdbc.dialect.Tx;
import dev.holdfast.jdbc.sql.IdLists;
import dev.holdfast.jdbc.sql.Sql;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Applies operations to many jobs even if others hold some. Free ones are done first; then it waits
 * for the rest, and reports those that are still held after a lock's time-out, with their holders.
 */
final class OperatorBatches {
  private static final Sql STATES = IdLists.in("select id, state from jobs where id in (%s)");

  /** Selects predecessors that do not count a new dependent yet: those must not be deleted. */
  private static final Sql UNADOPTED =
      IdLists.in("select on_id from job_waits where on_id in (%s) and adopted = 0");

  private static final String ADOPTION = "a dependent that is not counted yet";

  private final Database database;
  private final Dialect dialect;

  OperatorBatches(Database database, Dialect dialect) {
    this.database = database;
    this.dialect = dialect;
  }

  /** An operation on jobs whose rows are held. */
  @FunctionalInterface
  interface Asked {
    /** Applies it, and returns the result for each job. */
    List<Changed> of(Tx tx, List<JobId> jobs);
  }

  List<Changed> change(List<JobId> ids, Asked asked) {
    return run(ids, false, asked);
  }

  List<Changed> delete(List<JobId> ids, Asked asked) {
    return run(ids, true, asked);
  }

  private List<Changed> run(List<JobId> ids, boolean isDelete, Asked asked) {
    Map<JobId, JobState> held = new HashMap<>();
    List<Changed> answers = free(ids, isDelete, asked, held);
    if (held.isEmpty()) {
      return answers;
    }
    Map<JobId, Changed> all = new HashMap<>();
    answers.forEach(changed -> all.putIfAbsent(changed.id(), changed));
    List<JobId> waited = List.copyOf(held.keySet());
    await(waited);
    held.clear();
    free(waited, isDelete, asked, held).forEach(changed -> all.put(changed.id(), changed));
    Map<JobId, String> holders = holders(held.keySet());
    held.forEach(
        (id, state) ->
            all.put(
                id,
                new Changed(
                    id, Optional.of(state), false, Optional.ofNullable(holders.get(id)), 0)));
    return ids.stream().map(all::get).toList();
  }

  /**
   * @param held receives the jobs that others hold
   */
  private List<Changed> free(
      List<JobId> ids, boolean isDelete, Asked asked, Map<JobId, JobState> held) {
    return database.write(
        ConnectionUse.CALLERS,
        tx -> {
          held.clear();
          Set<JobId> free =
              isDelete ? dialect.holdFreeToDelete(tx, ids) : dialect.holdFree(tx, ids);
          IdLists.list(
              tx,
              STATES,
              ids,
              row -> held.put(new JobId(row.id(1)), JobState.valueOf(row.text(2))));
          Map<JobId, JobState> all = Map.copyOf(held);
          held.keySet().removeAll(free);
          if (isDelete) {
            IdLists.list(tx, UNADOPTED, ids, row -> new JobId(row.id(1))).stream()
                .filter(all::containsKey)
                .forEach(id -> held.put(id, all.get(id)));
          }
          List<JobId> own = ids.stream().filter(id -> !held.containsKey(id)).toList();
          return asked.of(tx, own);
        });
  }

  /** Waits until they are released, for as long as the database allows. */
  private void await(List<JobId> ids) {
    try {
      database.write(
          ConnectionUse.CALLERS,
          tx -> {
            dialect.hold(tx, ids);
            return ids;
          });
    } catch (BusyException held) {
      // those released meanwhile are changed anyway
    }
  }

  private Map<JobId, String> holders(Collection<JobId> ids) {
    Map<JobId, String> holders = new HashMap<>();
    ids.forEach(id -> holders.put(id, ADOPTION));
    holders.putAll(database.read(ConnectionUse.CALLERS, session -> dialect.holders(session, ids)));
    return holders;
  }
}
