package dev.holdfast.postgres;

import dev.holdfast.jdbc.dialect.Dialect;
import dev.holdfast.jdbc.dialect.LaneHead;
import dev.holdfast.jdbc.dialect.LaneHeads;
import dev.holdfast.jdbc.dialect.LanesRead;
import dev.holdfast.jdbc.dialect.Place;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.postgres.Marks.Mark;
import dev.holdfast.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Reads which lanes have work. A search for the first pending job of each lane would read the index
 * entries of all that were claimed there, which the low-water marks avoid. So known lanes are read
 * from their marks, and unknown ones are searched in the gaps between their ids. A lane without
 * waiting jobs for some minutes is forgotten.
 */
final class BusyLanes {
  private static final Duration LOOK_INTERVAL = Duration.ofMillis(250);
  private static final long KNOWN_NANOS = Duration.ofMinutes(10).toNanos();

  /**
   * The limit keeps each lookup small: as a join it would read the whole index. A gap is searched
   * for its first lane, then for the first one behind it, and so on: a process that knows nothing
   * yet finds all at once, and work in other lanes keeps no claim from finding its own.
   */
  private static final Sql WITH_WORK =
      Sql.of(
          """
          with recursive unknown (lane, rank, run_at, high) as (
            select first.lane, first.rank, first.run_at, gap.high
              from unnest(:lows::bigint[], :highs::bigint[]) as gap (low, high)
             cross join lateral (
                     select j.lane, j.rank, j.run_at from jobs j
                      where j.state = 'PENDING' and j.lane > gap.low and j.lane < gap.high
                      order by j.lane, j.rank, j.run_at, j.id limit 1) first
            union all
            select next.lane, next.rank, next.run_at, unknown.high
              from unknown
             cross join lateral (
                     select j.lane, j.rank, j.run_at from jobs j
                      where j.state = 'PENDING'
                        and j.lane > unknown.lane and j.lane < unknown.high
                      order by j.lane, j.rank, j.run_at, j.id limit 1) next)
          select first.lane, first.rank, first.run_at
            from unnest(:lanes::bigint[], :ranks::bigint[], :due::bigint[], :ids::uuid[])
                   as known (lane, rank, run_at, id)
           cross join lateral (
                   select j.lane, j.rank, j.run_at from jobs j
                    where j.state = 'PENDING' and j.lane = known.lane
                      and (j.rank, j.run_at, j.id) >= (known.rank, known.run_at, known.id)
                    order by j.rank, j.run_at, j.id limit 1) first
          union all
          (select lane, rank, run_at from unknown limit :most)
          """);

  private final Marks marks;
  private final TimeSource time;
  private final LaneHeads heads;
  private final ReentrantLock lock = new ReentrantLock();
  private final NavigableMap<Long, Long> known = new TreeMap<>(); // when it had work; by lock

  BusyLanes(Marks marks, TimeSource time) {
    this.marks = marks;
    this.time = time;
    this.heads = new LaneHeads(time, LOOK_INTERVAL);
  }

  LaneHeads heads() {
    return heads;
  }

  /** Implements {@link Dialect#lanesWithWork}. */
  LanesRead read(Session session, long behind, int most) {
    List<Long> lanes = knownBehind(behind, most);
    boolean isPart = lanes.size() == most;
    long high = isPart ? lanes.get(most - 1) : Long.MAX_VALUE;
    List<LaneHead> found = look(session, behind, lanes, high, most);
    boolean mayBeMore = found.stream().filter(head -> !lanes.contains(head.lane())).count() >= most;
    long last = high;
    if (mayBeMore) { // those in the gaps are known from now on, and the next look goes beyond them
      last = lanes.isEmpty() ? found.get(found.size() - 1).lane() : behind;
    }
    remember(found);
    return new LanesRead(withLookBacks(found, lanes), last);
  }

  /**
   * A lane where a claim is to look behind its mark may have work that no look from there finds.
   */
  private List<LaneHead> withLookBacks(List<LaneHead> found, List<Long> lanes) {
    Map<Long, LaneHead> all = new TreeMap<>();
    lanes.stream()
        .filter(marks::isLookBackDue)
        .forEach(lane -> all.put(lane, new LaneHead(lane, marks.of(lane).place())));
    found.forEach(head -> all.put(head.lane(), head));
    return List.copyOf(all.values());
  }

  private List<Long> knownBehind(long behind, int most) {
    lock.lock();
    try {
      long now = time.ticks();
      List<Long> lanes = new ArrayList<>();
      Iterator<Map.Entry<Long, Long>> entries = known.tailMap(behind, false).entrySet().iterator();
      while (entries.hasNext() && lanes.size() < most) {
        Map.Entry<Long, Long> entry = entries.next();
        if (now - entry.getValue() > KNOWN_NANOS) {
          entries.remove();
        } else {
          lanes.add(entry.getKey());
        }
      }
      return lanes;
    } finally {
      lock.unlock();
    }
  }

  private List<LaneHead> look(Session session, long behind, List<Long> lanes, long high, int most) {
    List<Look> rows = lanes.stream().map(lane -> new Look(lane, marks.of(lane))).toList();
    Columns<Look> starts = new Columns<>(session, rows);
    List<Long> lows = new ArrayList<>(List.of(behind));
    lows.addAll(lanes);
    List<Long> highs = new ArrayList<>(lanes);
    highs.add(high);
    return session
        .sql(WITH_WORK)
        .set("lanes", starts.numbers(Look::lane))
        .set("ranks", starts.numbers(look -> look.from.rank()))
        .set("due", starts.numbers(look -> look.from.runAt()))
        .set("ids", starts.ids(look -> look.from.id()))
        .set("lows", new Columns<>(session, lows).numbers(low -> low))
        .set("highs", new Columns<>(session, highs).numbers(one -> one))
        .set("most", most)
        .list(row -> new LaneHead(row.number(1), new Place(row.number(2), row.number(3))))
        .stream()
        .sorted(Comparator.comparingLong(LaneHead::lane))
        .toList();
  }

  private record Look(long lane, Mark from) {}

  private void remember(List<LaneHead> found) {
    lock.lock();
    try {
      long now = time.ticks();
      found.forEach(head -> known.put(head.lane(), now));
    } finally {
      lock.unlock();
    }
  }

  /** Jobs arrived there. */
  void arrived(Map<Long, Place> places) {
    if (places.isEmpty()) {
      return;
    }
    lock.lock();
    try {
      long now = time.ticks();
      places.keySet().forEach(lane -> known.put(lane, now));
    } finally {
      lock.unlock();
    }
    heads.arrived(places);
  }

  /** Reads all lanes again, as signals of arrivals may have been lost. */
  void forget() {
    heads.lookAgain();
  }
}
