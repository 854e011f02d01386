package dev.holdfast.postgres;

import dev.holdfast.jdbc.dialect.Place;
import dev.holdfast.spi.TimeSource;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Low-water marks: from where a claim looks for pending jobs. The index keeps an entry for each job
 * that was claimed until a vacuum may remove it, and a transaction that is open elsewhere can keep
 * it from that for hours. A claim from the head would walk over all these entries each time.
 *
 * <p>The mark of a lane is the first job that was seen pending there, locked or not. Arrivals
 * before it move it back. Since the signal of an arrival can be lost, or a caller's own transaction
 * may commit a job long after its time, a claim now and then starts further back, and more rarely
 * at the head; that one rests for a hundred times as long as it took (measured in ADR 3).
 */
final class Marks {
  private static final Duration LOOK_BACK_INTERVAL = Duration.ofSeconds(10);
  private static final long LOOK_BACK_MICROS = 15_000_000;
  private static final int HEAD_REST = 100;
  private static final int LANES_MAX = 50_000; // those that were used last

  /** A place in the claim order, which a row comparison takes as it is. */
  record Mark(long rank, long runAt, UUID id) {
    static final Mark HEAD = new Mark(Long.MIN_VALUE, Long.MIN_VALUE, new UUID(0, 0));

    Place place() {
      return new Place(rank, runAt);
    }

    /** Returns the earlier of the two. */
    Mark orAt(Place place) {
      boolean isBehind = rank > place.rank() || (rank == place.rank() && runAt >= place.runAt());
      return isBehind ? new Mark(place.rank(), place.runAt(), new UUID(0, 0)) : this;
    }
  }

  /** One claim's view of a lane, from its begin to its end. */
  static final class Look {
    private final long lane;
    private final Mark mark;
    private final boolean isHead;
    private final long ticks;
    private @Nullable Place arrived; // meanwhile; guarded by the lock of the marks

    private Look(long lane, Mark mark, boolean isHead, long ticks) {
      this.lane = lane;
      this.mark = mark;
      this.isHead = isHead;
      this.ticks = ticks;
    }

    private void sees(Place place) {
      arrived = arrived == null ? place : Place.first(arrived, place);
    }

    long lane() {
      return lane;
    }

    /** Returns the place to start from. */
    Mark mark() {
      return mark;
    }
  }

  private static final class State {
    private Mark mark = Mark.HEAD;
    private long lookBackAt;
    private long headAt;
    private final Set<Look> open = new HashSet<>();
  }

  /** A map of the most recently used entries. */
  private static final class Newest extends LinkedHashMap<Long, State> {
    private static final long serialVersionUID = 1;

    private Newest() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<Long, State> eldest) {
      return size() > LANES_MAX;
    }
  }

  private final TimeSource time;
  private final Duration lookBackInterval;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Long, State> states = new Newest(); // guarded by lock

  Marks(TimeSource time) {
    this.time = time;
    this.lookBackInterval = LOOK_BACK_INTERVAL;
  }

  /** Begins a claim from this lane. */
  Look begin(long lane) {
    lock.lock();
    try {
      long now = time.ticks();
      State state = states.computeIfAbsent(lane, first -> fresh(now));
      boolean isHead = now - state.headAt >= 0;
      Look look = new Look(lane, isHead ? Mark.HEAD : markOf(state, now), isHead, now);
      state.open.add(look);
      return look;
    } finally {
      lock.unlock();
    }
  }

  private State fresh(long now) {
    State state = new State();
    state.headAt = now;
    state.lookBackAt = now + lookBackInterval.toNanos();
    return state;
  }

  private Mark markOf(State state, long now) {
    if (now - state.lookBackAt < 0) {
      return state.mark;
    }
    state.lookBackAt = now + lookBackInterval.toNanos();
    return before(state.mark);
  }

  private static Mark before(Mark mark) {
    return mark.equals(Mark.HEAD)
        ? mark
        : new Mark(mark.rank(), mark.runAt() - LOOK_BACK_MICROS, new UUID(0, 0));
  }

  /** Returns the place from which jobs may be pending in this lane. */
  Mark of(long lane) {
    lock.lock();
    try {
      @Nullable State state = states.get(lane);
      return state == null ? Mark.HEAD : state.mark;
    } finally {
      lock.unlock();
    }
  }

  /** Returns whether the next claim from this lane looks further back than its mark. */
  boolean isLookBackDue(long lane) {
    lock.lock();
    try {
      @Nullable State state = states.get(lane);
      long now = time.ticks();
      return state != null && (now - state.lookBackAt >= 0 || now - state.headAt >= 0);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends a claim.
   *
   * @param first what it saw first; empty if it saw nothing, or failed
   */
  void end(Look look, Optional<Mark> first) {
    lock.lock();
    try {
      State state = states.get(look.lane);
      if (state == null || !state.open.remove(look)) {
        return; // forgotten meanwhile
      }
      first.ifPresent(seen -> state.mark = look.arrived == null ? seen : seen.orAt(look.arrived));
      if (look.isHead) {
        long now = time.ticks();
        state.headAt = now + Math.max(lookBackInterval.toNanos(), HEAD_REST * (now - look.ticks));
      }
    } finally {
      lock.unlock();
    }
  }

  /** Jobs arrived there. */
  void arrived(Map<Long, Place> arrivals) {
    if (arrivals.isEmpty()) {
      return;
    }
    lock.lock();
    try {
      arrivals.forEach(
          (lane, place) -> {
            @Nullable State state = states.get(lane);
            if (state != null) {
              state.mark = state.mark.orAt(place);
              state.open.forEach(look -> look.sees(place));
            }
          });
    } finally {
      lock.unlock();
    }
  }

  /** Makes the next claims start at the head, as signals of arrivals may have been lost. */
  void forget() {
    lock.lock();
    try {
      states.clear();
    } finally {
      lock.unlock();
    }
  }
}
