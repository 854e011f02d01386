package dev.holdfast.postgres;

import dev.holdfast.jdbc.store.LaneHead;
import dev.holdfast.jdbc.store.Session;
import dev.holdfast.jdbc.store.Sql;
import dev.holdfast.postgres.Marks.Mark;
import dev.holdfast.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Which lanes have work. Looking for the first pending job of each lane would walk over the index
 * entries of all that were claimed there, which the low-water marks are to avoid. So lanes that are
 * known are looked at from their marks, and unknown ones are sought in the gaps between their ids.
 * That is done now and then; in between a lane is taken to have work until a claim finds none.
 */
final class BusyLanes {
  private static final long LOOK_NANOS = Duration.ofMillis(250).toNanos();
  private static final long BELOW_ALL = -1;
  private static final int KNOWN_MAX = 10_000; // beyond that all are sought anew
  private static final int FOUND_MAX = 2_000; // by one look; the next goes on

  /**
   * The limit keeps each look a look: as a join it would read the whole index. In a gap the first
   * lane is sought, then the first one behind it, and so on: whoever knows nothing yet finds all at
   * once, and no claim goes without only because there is work in other lanes as well.
   */
  private static final Sql WITH_WORK =
      Sql.of(
          """
          with recursive unknown (lane, high) as (
            select (select j.lane from jobs j
                     where j.state = 'PENDING' and j.lane > gap.low and j.lane < gap.high
                     order by j.lane limit 1),
                   gap.high
              from unnest(:lows::bigint[], :highs::bigint[]) as gap (low, high)
            union all
            select (select j.lane from jobs j
                     where j.state = 'PENDING' and j.lane > unknown.lane and j.lane < unknown.high
                     order by j.lane limit 1),
                   unknown.high
              from unknown where unknown.lane is not null)
          select known.lane
            from unnest(:lanes::bigint[], :ranks::bigint[], :due::bigint[], :ids::uuid[])
                   as known (lane, rank, run_at, id)
           where not exists (select 1 from lanes l
                               join queues q on q.name = l.queue
                              where l.id = known.lane and q.paused_at is not null)
             and (select true from jobs j
                   where j.state = 'PENDING' and j.lane = known.lane
                     and (j.rank, j.run_at, j.id) >= (known.rank, known.run_at, known.id)
                   limit 1)
          union all
          (select lane from unknown where lane is not null limit :most)
          """);

  private final Marks marks;
  private final TimeSource time;
  private final ReentrantLock lock = new ReentrantLock();
  private final Set<Long> known = new TreeSet<>(); // guarded by lock, like all below
  private final Set<Long> withWork = new TreeSet<>();
  private long lookAt;

  BusyLanes(Marks marks, TimeSource time) {
    this.marks = marks;
    this.time = time;
    this.lookAt = time.ticks();
  }

  /** The lanes from which a claim is worth while. */
  List<LaneHead> withWork(Session session) {
    List<Long> toLookAt = new ArrayList<>();
    boolean mustLook;
    lock.lock();
    try {
      long now = time.ticks();
      mustLook = now - lookAt >= 0 || withWork.isEmpty();
      if (mustLook) {
        lookAt = now + LOOK_NANOS;
        if (known.size() > KNOWN_MAX) {
          known.clear();
        }
        toLookAt.addAll(known);
      }
    } finally {
      lock.unlock();
    }
    if (mustLook) {
      found(look(session, toLookAt));
    }
    lock.lock();
    try {
      Set<Long> lanes = new TreeSet<>(withWork);
      known.stream().filter(marks::isLookBackDue).forEach(lanes::add);
      return lanes.stream().map(lane -> new LaneHead(lane, marks.of(lane).place())).toList();
    } finally {
      lock.unlock();
    }
  }

  private List<Long> look(Session session, List<Long> lanes) {
    List<Look> rows = lanes.stream().map(lane -> new Look(lane, marks.of(lane))).toList();
    Columns<Look> starts = new Columns<>(session, rows);
    List<Long> lows = new ArrayList<>(List.of(BELOW_ALL));
    lows.addAll(lanes);
    List<Long> highs = new ArrayList<>(lanes);
    highs.add(Long.MAX_VALUE);
    return session
        .sql(WITH_WORK)
        .set("lanes", starts.numbers(Look::lane))
        .set("ranks", starts.numbers(look -> look.from.rank()))
        .set("due", starts.numbers(look -> look.from.runAt()))
        .set("ids", starts.ids(look -> look.from.id()))
        .set("lows", new Columns<>(session, lows).numbers(low -> low))
        .set("highs", new Columns<>(session, highs).numbers(high -> high))
        .set("most", FOUND_MAX)
        .list(row -> row.maybeNumber(1))
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }

  private record Look(long lane, Mark from) {}

  private void found(List<Long> lanes) {
    lock.lock();
    try {
      boolean hasNew = known.addAll(lanes);
      withWork.clear();
      withWork.addAll(lanes);
      if (hasNew) {
        lookAt = time.ticks(); // there may be more beside them
      }
    } finally {
      lock.unlock();
    }
  }

  /** Jobs arrived there. */
  void arrived(Set<Long> lanes) {
    if (lanes.isEmpty()) {
      return;
    }
    lock.lock();
    try {
      if (withWork.isEmpty()) {
        lookAt = time.ticks() + LOOK_NANOS; // so that these are claimed first
      }
      known.addAll(lanes);
      withWork.addAll(lanes);
    } finally {
      lock.unlock();
    }
  }

  /** A claim has taken all that there was for it. */
  void drained(long lane) {
    lock.lock();
    try {
      withWork.remove(lane);
    } finally {
      lock.unlock();
    }
  }

  /** Word of arrivals may have been lost. */
  void forget() {
    lock.lock();
    try {
      withWork.clear();
      lookAt = time.ticks();
    } finally {
      lock.unlock();
    }
  }
}
