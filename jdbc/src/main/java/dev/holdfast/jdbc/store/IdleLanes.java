package dev.holdfast.jdbc.store;

import dev.holdfast.jdbc.dialect.JobLanes;
import dev.holdfast.jdbc.dialect.Tx;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Sql;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Removes lanes in which nothing waited for a day. If a job comes to one in this very moment, its
 * row is written again by the claim that finds the job.
 */
final class IdleLanes {
  /** The time a lane's row is kept without jobs; it is written again if it is used again. */
  private static final Duration KEPT = Duration.ofDays(1);

  private static final int LOOKED_AT_MAX = 5_000;

  private static final Sql LOOK =
      Sql.of(
          """
          select l.id, l.idle_since,
                 case when exists (select 1 from jobs j
                                    where j.state = 'PENDING' and j.lane = l.id)
                      then 1 else 0 end as used
            from lanes l
           where l.id > :after order by l.id limit :limit
          """);

  private static final Sql MARK =
      Sql.of("update lanes set idle_since = :idle_since where id = :id");

  private static final Sql REMOVE =
      Sql.of(
          """
          delete from lanes
           where id = :id
             and not exists (select 1 from jobs j where j.state = 'PENDING' and j.lane = lanes.id)
          """);

  private static final long BEFORE_ALL = -1;

  private final JobLanes lanes;
  private volatile long after = BEFORE_ALL; // where the last look ended

  IdleLanes(JobLanes lanes) {
    this.lanes = lanes;
  }

  private record Looked(long id, Optional<Long> idleSince, boolean isUsed) {
    /** A mark from the future was made before the clock was set back, and counts from now. */
    boolean isToMark(long now) {
      return isUsed ? idleSince.isPresent() : idleSince.filter(since -> since <= now).isEmpty();
    }

    boolean isToRemove(long now) {
      return !isUsed && idleSince.filter(since -> since <= now - Micros.of(KEPT)).isPresent();
    }
  }

  /** Goes on to the next lanes. @return how many were removed */
  int sweep(Tx tx, int limit) {
    int most = Math.min(LOOKED_AT_MAX, 5 * limit);
    List<Looked> looked =
        tx.sql(LOOK)
            .set("after", after)
            .set("limit", most)
            .list(row -> new Looked(row.number(1), row.maybeNumber(2), row.number(3) == 1));
    after = looked.size() < most ? BEFORE_ALL : looked.get(most - 1).id;
    List<Looked> toMark = looked.stream().filter(lane -> lane.isToMark(tx.now())).toList();
    tx.updateEach(
        MARK,
        toMark,
        (mark, lane) ->
            mark.set("id", lane.id)
                .set("idle_since", lane.isUsed ? Optional.<Long>empty() : Optional.of(tx.now())));
    List<Looked> toRemove = looked.stream().filter(lane -> lane.isToRemove(tx.now())).toList();
    tx.updateEach(REMOVE, toRemove, (remove, lane) -> remove.set("id", lane.id));
    lanes.forget(toRemove.stream().map(Looked::id).toList());
    return toRemove.size();
  }
}
