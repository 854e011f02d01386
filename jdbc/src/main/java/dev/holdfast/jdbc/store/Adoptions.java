package dev.holdfast.jdbc.store;

import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.jdbc.dialect.ConnectionUse;
import dev.holdfast.jdbc.dialect.Database;
import dev.holdfast.jdbc.dialect.Dialect;
import dev.holdfast.jdbc.dialect.Tx;
import dev.holdfast.jdbc.sql.Halving;
import dev.holdfast.jdbc.sql.IdLists;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.jdbc.store.Dependents.Cause;
import dev.holdfast.jdbc.store.Dependents.Doomed;
import dev.holdfast.jdbc.store.Dependents.Ended;
import dev.holdfast.jdbc.store.Dependents.Wait;
import dev.holdfast.search.Scope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Adopts waits that the predecessor does not count yet, because a transaction could not lock its
 * row, or that of the waiting job. An adoption and the predecessor's end meet at the predecessor's
 * row: either the end finds the wait counted, or the adoption finds the predecessor ended. So the
 * order in which those transactions commit does not matter.
 */
final class Adoptions {
  private static final Sql UNADOPTED =
      Sql.of(
          """
          select job_id, position, on_id, if_failed, satisfied_at from job_waits
           where adopted = 0 and on_id > :after
           order by on_id, job_id
           limit :limit
          """);

  private static final Sql STATES = IdLists.in("select id, state from jobs where id in (%s)");

  private static final Sql PEOPLE =
      IdLists.in(
          """
          select job_id, by_whom from job_events
           where job_id in (%s) and to_state = 'CANCELLED'
           order by number
          """);

  private static final Sql ADOPT =
      Sql.of(
          """
          update job_waits set adopted = 1
           where job_id = :job_id and position = :position and adopted = 0
          """);

  private static final Sql COUNT = Sql.of("update jobs set awaited = awaited + 1 where id = :id");

  private static final JobId FIRST = new JobId(new UUID(0, 0));

  /** The delay before retrying waits whose rows others hold. */
  private static final Duration LATER = Duration.ofMillis(500);

  private final Database database;
  private final Dialect dialect;
  private final Dependents dependents;
  private volatile JobId after = FIRST; // where the last run ended

  Adoptions(Database database, Dialect dialect, Dependents dependents) {
    this.database = database;
    this.dialect = dialect;
    this.dependents = dependents;
  }

  /**
   * @param isSatisfied whether the wait is over and only has to be counted
   */
  private record Unadopted(Wait open, boolean isSatisfied) {
    JobId job() {
      return open.job();
    }

    JobId on() {
      return open.dependency().on();
    }
  }

  /**
   * Adopts at most {@code limit} waits, starting where the last call ended, so that waits held by
   * others do not hide the rest.
   *
   * @return the delay to the next call; empty if nothing is left
   */
  Optional<Duration> adopt(int limit) {
    List<Unadopted> found = unadopted(limit);
    boolean isEnd = found.size() < limit;
    boolean wasBegin = after.equals(FIRST);
    after = isEnd ? FIRST : found.get(found.size() - 1).on();
    if (found.isEmpty()) {
      return wasBegin ? Optional.empty() : Optional.of(Duration.ZERO);
    }
    int adopted =
        Halving.run(found, this::adopt, some -> 0).stream().mapToInt(Integer::intValue).sum();
    boolean isDone = adopted == found.size() && isEnd && wasBegin;
    return isDone ? Optional.empty() : Optional.of(isEnd ? LATER : Duration.ZERO);
  }

  private List<Unadopted> unadopted(int limit) {
    return database.read(
        ConnectionUse.DUTIES,
        session ->
            session
                .sql(UNADOPTED)
                .set("after", after)
                .set("limit", limit)
                .list(row -> new Unadopted(Dependents.wait(row), row.maybeNumber(5).isPresent())));
  }

  private int adopt(List<Unadopted> waits) {
    return database.write(ConnectionUse.DUTIES, tx -> adopt(tx, waits));
  }

  private int adopt(Tx tx, List<Unadopted> waits) {
    Set<JobId> ids = new HashSet<>();
    waits.forEach(
        wait -> {
          ids.add(wait.on());
          ids.add(wait.job());
        });
    Set<JobId> free = dialect.holdFree(tx, ids);
    Map<JobId, JobState> states = new HashMap<>();
    IdLists.list(
        tx, STATES, ids, row -> states.put(new JobId(row.id(1)), JobState.valueOf(row.text(2))));
    List<Unadopted> adopted = new ArrayList<>();
    for (Unadopted wait : waits) {
      boolean isGone = !states.containsKey(wait.on());
      boolean mustSettle = !wait.isSatisfied && end(states, wait).isPresent();
      if ((isGone || free.contains(wait.on())) && (!mustSettle || isFree(wait, free, states))) {
        adopted.add(wait);
      }
    }
    int[] rows =
        tx.updateEach(
            ADOPT,
            adopted,
            (adopt, wait) -> adopt.set("job_id", wait.job()).set("position", wait.open.position()));
    List<Unadopted> own = new ArrayList<>();
    for (int i = 0; i < rows.length; i++) {
      if (rows[i] == 1) { // else another node was faster
        own.add(adopted.get(i));
      }
    }
    tx.updateEach(COUNT, own, (count, wait) -> count.set("id", wait.on()));
    settle(tx, own, states);
    return adopted.size();
  }

  private static boolean isFree(Unadopted wait, Set<JobId> free, Map<JobId, JobState> states) {
    return free.contains(wait.job()) || !states.containsKey(wait.job());
  }

  /** Returns the final state of the predecessor; a deleted one counts as cancelled. */
  private static Optional<JobState> end(Map<JobId, JobState> states, Unadopted wait) {
    JobState state = states.getOrDefault(wait.on(), JobState.CANCELLED);
    return Optional.of(state).filter(JobState::isFinished);
  }

  private void settle(Tx tx, List<Unadopted> own, Map<JobId, JobState> states) {
    Map<JobId, Ended> ended = new HashMap<>();
    for (Unadopted wait : own) {
      end(states, wait)
          .filter(end -> !wait.isSatisfied)
          .ifPresent(end -> ended.put(wait.on(), new Ended(wait.on(), end)));
    }
    Map<JobId, String> people = people(tx, ended.keySet());
    Map<String, List<Wait>> waits = new TreeMap<>();
    for (Unadopted wait : own) {
      if (!wait.isSatisfied && ended.containsKey(wait.on())) {
        String by = people.getOrDefault(wait.on(), "");
        waits.computeIfAbsent(by, first -> new ArrayList<>()).add(wait.open);
      }
    }
    waits.forEach(
        (by, some) -> {
          Cause cause = new Cause(by, Scope.all());
          Map<JobId, Doomed> doomed =
              dependents.settle(tx, List.copyOf(ended.values()), some, cause);
          dependents.follow(tx, Dependents.cancelled(doomed), cause);
        });
  }

  /** Returns who cancelled these jobs: as late as it is, their dependents are cancelled by them. */
  private static Map<JobId, String> people(Session session, Set<JobId> jobs) {
    Map<JobId, String> people = new HashMap<>();
    IdLists.list(
        session, PEOPLE, jobs, row -> people.put(new JobId(row.id(1)), row.text(2))); // newest last
    return people;
  }
}
