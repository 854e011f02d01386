package dev.holdfast.postgres;

import dev.holdfast.jdbc.store.Session;
import dev.holdfast.jdbc.store.Sql;
import dev.holdfast.postgres.Marks.Mark;
import dev.holdfast.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Which queues have work. Looking for the first pending job of each queue would walk over the index
 * entries of all that were claimed there, which the low-water marks are to avoid. So queues that
 * are known are looked at from their marks, and unknown ones are sought in the gaps between their
 * names. That is done now and then; in between a queue is taken to have work until a claim finds
 * none.
 */
final class Queues {
  private static final long LOOK_NANOS = Duration.ofMillis(250).toNanos();
  private static final String ABOVE_ALL = Character.toString(Character.MAX_CODE_POINT);
  private static final int KNOWN_MAX = 1_000; // beyond that all are sought anew

  /** The limit keeps each look a look: as a join it would read the whole index. */
  private static final Sql WITH_WORK =
      Sql.of(
          """
          select known.queue
            from unnest(:queues::text[], :ranks::bigint[], :due::bigint[], :ids::uuid[])
                   as known (queue, rank, run_at, id)
           where not exists (select 1 from queues q
                              where q.name = known.queue and q.paused_at is not null)
             and (select true from jobs j
                   where j.state = 'PENDING' and j.queue = known.queue
                     and (j.rank, j.run_at, j.id) >= (known.rank, known.run_at, known.id)
                   limit 1)
          union all
          select (select j.queue from jobs j
                   where j.state = 'PENDING' and j.queue > gap.low collate "C"
                     and j.queue < gap.high collate "C"
                   order by j.queue limit 1)
            from unnest(:lows::text[], :highs::text[]) as gap (low, high)
          """);

  private final Marks marks;
  private final TimeSource time;
  private final ReentrantLock lock = new ReentrantLock();
  private final Set<String> known = new TreeSet<>(); // guarded by lock, like all below
  private final Set<String> withWork = new TreeSet<>();
  private long lookAt;

  Queues(Marks marks, TimeSource time) {
    this.marks = marks;
    this.time = time;
    this.lookAt = time.ticks();
  }

  /** The queues from which a claim is worth while. */
  List<String> withWork(Session session) {
    List<String> toLookAt = new ArrayList<>();
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
      return List.copyOf(withWork);
    } finally {
      lock.unlock();
    }
  }

  /** A gap may hold several queues: the first of each is answered, and makes two gaps of it. */
  private List<String> look(Session session, List<String> queues) {
    Map<String, Mark> from = new TreeMap<>();
    queues.forEach(queue -> from.put(queue, marks.least(queue)));
    List<Map.Entry<String, Mark>> rows = List.copyOf(from.entrySet());
    Columns<Map.Entry<String, Mark>> starts = new Columns<>(session, rows);
    List<String> lows = new ArrayList<>(List.of(""));
    lows.addAll(from.keySet());
    List<String> highs = new ArrayList<>(from.keySet());
    highs.add(ABOVE_ALL);
    return session
        .sql(WITH_WORK)
        .set("queues", starts.texts(Map.Entry::getKey))
        .set("ranks", starts.numbers(row -> row.getValue().rank()))
        .set("due", starts.numbers(row -> row.getValue().runAt()))
        .set("ids", starts.ids(row -> row.getValue().id()))
        .set("lows", Columns.textArray(session, lows))
        .set("highs", Columns.textArray(session, highs))
        .list(row -> row.maybeText(1))
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }

  private void found(List<String> queues) {
    lock.lock();
    try {
      boolean hasNew = known.addAll(queues);
      withWork.clear();
      withWork.addAll(queues);
      if (hasNew) {
        lookAt = time.ticks(); // there may be more beside them
      }
    } finally {
      lock.unlock();
    }
  }

  /** Jobs arrived there. */
  void arrived(Set<String> queues) {
    if (queues.isEmpty()) {
      return;
    }
    lock.lock();
    try {
      if (withWork.isEmpty()) {
        lookAt = time.ticks() + LOOK_NANOS; // so that these are claimed first
      }
      known.addAll(queues);
      withWork.addAll(queues);
    } finally {
      lock.unlock();
    }
  }

  /** A claim has taken all that there was for it. */
  void drained(String queue) {
    lock.lock();
    try {
      withWork.remove(queue);
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
