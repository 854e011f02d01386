package dev.holdfast.sqlite;

import dev.holdfast.jdbc.store.Dialect;
import dev.holdfast.jdbc.store.LaneHead;
import dev.holdfast.jdbc.store.Place;
import dev.holdfast.jdbc.store.Session;
import dev.holdfast.jdbc.store.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which lanes have work: a walk from lane to lane over the index. One look takes so many; the next
 * one goes on behind them.
 */
final class LaneWalk {
  /** The first job of the first lane after another one that has work: one step of the index. */
  private static final Sql NEXT_LANE =
      Sql.of(
          """
          select lane, rank, run_at from jobs indexed by jobs_pending
           where state = 'PENDING' and lane > :lane
           order by lane, rank, run_at, id limit 1
          """);

  private static final long BEFORE_ALL = -1;

  private static final int LANES_MAX = 2_000; // to a look

  private volatile long after = BEFORE_ALL; // where the last look ended

  /** As {@link Dialect#lanesWithWork} says. */
  List<LaneHead> next(Session session) {
    List<LaneHead> heads = new ArrayList<>();
    long start = after;
    boolean isAll = look(session, start, Long.MAX_VALUE, heads);
    if (isAll && start > BEFORE_ALL) {
      isAll = look(session, BEFORE_ALL, start, heads);
    }
    after = isAll ? BEFORE_ALL : heads.get(heads.size() - 1).lane();
    return heads;
  }

  /**
   * Looks at the lanes behind one, up to another.
   *
   * @return whether it came to the last
   */
  private static boolean look(Session session, long from, long last, List<LaneHead> heads) {
    Optional<LaneHead> next = nextLane(session, from);
    while (next.isPresent() && next.get().lane() <= last) {
      heads.add(next.get());
      if (heads.size() == LANES_MAX) {
        return false;
      }
      next = nextLane(session, next.get().lane());
    }
    return true;
  }

  private static Optional<LaneHead> nextLane(Session session, long lane) {
    return session
        .sql(NEXT_LANE)
        .set("lane", lane)
        .first(row -> new LaneHead(row.number(1), new Place(row.number(2), row.number(3))));
  }
}
