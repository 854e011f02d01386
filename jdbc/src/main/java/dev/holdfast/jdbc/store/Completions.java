package dev.holdfast.jdbc.store;

import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.jdbc.dialect.Dialect;
import dev.holdfast.jdbc.dialect.Tx;
import dev.holdfast.jdbc.series.SampleDeltas;
import dev.holdfast.jdbc.sql.Bound;
import dev.holdfast.jdbc.sql.IdLists;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.jdbc.store.Dependents.Cause;
import dev.holdfast.jdbc.store.Dependents.Ended;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Transition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Completes jobs. The dialect's statement skips jobs that others wait for, so that a queue without
 * dependencies pays nothing for them; those that it skipped are handled here.
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
           where id = :id and state = 'RUNNING' and token = :token and node = :node
          """);

  private final Dialect dialect;
  private final Dependents dependents;

  Completions(Dialect dialect, Dependents dependents) {
    this.dialect = dialect;
    this.dependents = dependents;
  }

  /** Completes jobs whose lease is valid; returns acknowledgements that may have changed no row. */
  List<Acknowledgement> complete(Tx tx, List<Acknowledgement> ends) {
    List<Acknowledgement> unchanged = new ArrayList<>();
    byNode(ends).forEach(own -> unchanged.addAll(dialect.complete(tx, own)));
    return unchanged.isEmpty()
        ? unchanged
        : completeAwaited(tx, unchanged, ended -> dependents.follow(tx, ended, Cause.NONE));
  }

  /** Completes a job in a caller's transaction. @return whether its lease was valid */
  boolean completeInCallers(Tx tx, Acknowledgement end) {
    List<Acknowledgement> unchanged = dialect.complete(tx, List.of(end));
    boolean isDone =
        unchanged.isEmpty()
            || completeAwaited(tx, unchanged, ended -> dependents.followInCallers(tx, ended))
                .isEmpty();
    if (isDone) {
      SampleDeltas samples = new SampleDeltas();
      samples.ended(end);
      samples.write(tx);
    }
    return isDone;
  }

  /** Groups acknowledgements by node. Usually all are from one; a server has those of many. */
  private static Collection<List<Acknowledgement>> byNode(List<Acknowledgement> ends) {
    boolean isOne =
        ends.stream().allMatch(end -> end.lease().node().equals(ends.get(0).lease().node()));
    return isOne
        ? List.of(ends)
        : ends.stream().collect(Collectors.groupingBy(end -> end.lease().node())).values();
  }

  private List<Acknowledgement> completeAwaited(
      Tx tx, List<Acknowledgement> ends, Consumer<List<Ended>> follow) {
    List<JobId> ids = ends.stream().map(end -> end.lease().job()).toList();
    Set<JobId> awaited = new HashSet<>(IdLists.list(tx, AWAITED, ids, row -> new JobId(row.id(1))));
    if (awaited.isEmpty()) {
      return ends;
    }
    dialect.hold(tx, awaited);
    List<Acknowledgement> toComplete =
        ends.stream().filter(end -> awaited.contains(end.lease().job())).toList();
    int[] rows = tx.updateEach(COMPLETE, toComplete, (update, end) -> bind(update, end, tx.now()));
    List<Acknowledgement> left = new ArrayList<>(ends);
    List<Ended> completed = new ArrayList<>();
    for (int i = 0; i < rows.length; i++) {
      if (rows[i] == 1) {
        left.remove(toComplete.get(i));
        completed.add(new Ended(toComplete.get(i).lease().job(), JobState.COMPLETED));
      }
    }
    follow.accept(completed);
    return left;
  }

  private static void bind(Bound update, Acknowledgement end, long now) {
    update
        .set("id", end.lease().job())
        .set("token", end.lease().token())
        .set("node", end.lease().node())
        .set("started_at", now - Micros.of(end.ran()))
        .set("result", ((Transition.Complete) end.transition()).result())
        .set("now", now);
  }
}
