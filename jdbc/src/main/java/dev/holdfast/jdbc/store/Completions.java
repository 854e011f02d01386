package dev.holdfast.jdbc.store;

import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.Transition;
import dev.holdfast.jdbc.store.Dependents.Ended;
import dev.holdfast.spi.Acknowledgement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Completions. The dialect's statement passes over jobs that others wait for, so that a queue
 * without such jobs pays nothing for them; those that it has left are looked at here.
 */
final class Completions {
  private static final Sql AWAITED =
      IdLists.in(
          """
          select id from jobs where id in (%s) and awaited > 0 and state || '' = 'RUNNING'
          """);

  private static final Sql COMPLETE =
      Sql.of(
          """
          update jobs
             set state = 'COMPLETED', finished_at = :now, started_at = :started_at,
                 result = :result, failure_kind = null, failure_message = null,
                 failure_trace = null, updated_at = :now
           where id = :id and state = 'RUNNING' and token = :token
          """);

  private final Dialect dialect;
  private final Dependents dependents;

  Completions(Dialect dialect, Dependents dependents) {
    this.dialect = dialect;
    this.dependents = dependents;
  }

  /** Completes jobs whose lease holds, and answers ends of which some may have changed no row. */
  List<Acknowledgement> complete(Session session, List<Acknowledgement> ends, long now, News news) {
    List<Acknowledgement> unchanged = dialect.complete(session, ends, now);
    return unchanged.isEmpty() ? unchanged : completeAwaited(session, unchanged, now, news);
  }

  private List<Acknowledgement> completeAwaited(
      Session session, List<Acknowledgement> ends, long now, News news) {
    List<JobId> ids = ends.stream().map(end -> end.lease().job()).toList();
    Set<JobId> awaited =
        new HashSet<>(IdLists.list(session, AWAITED, ids, row -> new JobId(row.id(1))));
    if (awaited.isEmpty()) {
      return ends;
    }
    dialect.hold(session, awaited);
    List<Acknowledgement> toComplete =
        ends.stream().filter(end -> awaited.contains(end.lease().job())).toList();
    int[] rows = session.updateEach(COMPLETE, toComplete, (update, end) -> bind(update, end, now));
    List<Acknowledgement> left = new ArrayList<>(ends);
    List<Ended> completed = new ArrayList<>();
    for (int i = 0; i < rows.length; i++) {
      if (rows[i] == 1) {
        left.remove(toComplete.get(i));
        completed.add(new Ended(toComplete.get(i).lease().job(), JobState.COMPLETED));
      }
    }
    dependents.follow(session, completed, now, news);
    return left;
  }

  private static void bind(Bound update, Acknowledgement end, long now) {
    update
        .set("id", end.lease().job())
        .set("token", end.lease().token())
        .set("started_at", now - Micros.of(end.ran()))
        .set("result", ((Transition.Complete) end.transition()).result())
        .set("now", now);
  }
}
