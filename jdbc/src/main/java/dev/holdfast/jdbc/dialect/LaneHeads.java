package dev.holdfast.jdbc.dialect;

import dev.holdfast.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the lanes that have work, each with a place before which none of its jobs stands, so
 * that a claim costs as much with 200,000 lanes as with one. A place that is too early costs one
 * look; a lane that is missing costs time, so it is found again by rounds.
 *
 * <p><b>Rounds.</b> A round reads the lanes from the database in the order of their ids, in parts
 * of {@value #PART}. Where one part holds all, each round is one part, and is due at an interval.
 * Where there are more, a part is followed by a rest of {@value #REST} times as long as it took.
 *
 * <p><b>In between</b> it receives arrivals of jobs from every process that wrote them, and from
 * claims the lanes that they left. Arrivals while a part is read are applied again after it.
 */
public final class LaneHeads {
  /** Maximum number of lanes read at once. */
  public static final int PART = 128;

  private static final int ARRIVALS_MAX = 1_024; // are looked up by one claim

  private static final int REST = 10;
  private static final int VIEWS_MAX = 64;
  private static final long BEFORE_ALL = -1;

  private final TimeSource time;
  private final long intervalNanos;
  private final ReentrantLock lock = new ReentrantLock();
  private final NavigableMap<Long, EligibleLanes.Head> heads = new TreeMap<>(); // guarded by lock,
  private final Map<Long, Place> arrivals = new LinkedHashMap<>(); // like all these; not looked up
  private final Map<EligibleLanes.Kind, EligibleLanes> views = new Newest();
  private final Set<Watch> open = new HashSet<>();
  private long after = BEFORE_ALL;
  private long lookAt;
  private int lastChances; // how many of the lanes are of jobs on their last chance
  private boolean isComplete; // a round came to its end since the last forget
  private volatile boolean isMany;

  /**
   * @param interval how long a read of a few lanes is trusted
   */
  public LaneHeads(TimeSource time, Duration interval) {
    this.time = time;
    this.intervalNanos = interval.toNanos();
    this.lookAt = time.ticks();
  }

  /** A map of the most recently used entries. */
  private static final class Newest extends LinkedHashMap<EligibleLanes.Kind, EligibleLanes> {
    private static final long serialVersionUID = 1;

    private Newest() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<EligibleLanes.Kind, EligibleLanes> eldest) {
      return size() > VIEWS_MAX;
    }
  }

  /** Returns whether there were more lanes than one part holds. */
  public boolean isMany() {
    return isMany;
  }

  /** Returns whether a round came to its end, so that all lanes with work were seen. */
  public boolean isComplete() {
    lock.lock();
    try {
      return isComplete;
    } finally {
      lock.unlock();
    }
  }

  /** Returns whether jobs on their last chance wait. */
  public boolean hasLastChances() {
    lock.lock();
    try {
      return lastChances > 0;
    } finally {
      lock.unlock();
    }
  }

  /** Returns whether a part of a round should be read before the next claim. */
  public boolean isLookDue() {
    lock.lock();
    try {
      return heads.isEmpty() || time.ticks() - lookAt >= 0;
    } finally {
      lock.unlock();
    }
  }

  /**
   * One claim's view of the lanes. Jobs that arrive before it is closed may be unknown to it. If
   * its transaction fails, the lanes that it changed are restored.
   */
  public final class Watch implements HeadsSeen, AutoCloseable {
    private final Map<Long, Place> arrived = new HashMap<>();
    private final Map<Long, EligibleLanes.Head> changed = new HashMap<>(); // as they were
    private final long behind; // the part that it may read
    private final long began;

    private Watch(long behind, long began) {
      this.behind = behind;
      this.began = began;
    }

    /** The lane behind which the next part of the round begins. */
    public long behind() {
      return behind;
    }

    @Override
    public void first(long lane, Place place) {
      lock.lock();
      try {
        EligibleLanes.@Nullable Head head = heads.get(lane);
        if (head != null && !arrived.containsKey(lane)) {
          changed.putIfAbsent(lane, head);
          put(new EligibleLanes.Head(head.lane(), place));
        }
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void none(long lane) {
      lock.lock();
      try {
        if (!arrived.containsKey(lane)) {
          drop(lane);
        }
      } finally {
        lock.unlock();
      }
    }

    /**
     * Takes the part of the round that was read.
     *
     * @param part the lanes with work behind {@link #behind}
     * @param last the lane up to which these are all
     * @return whether the round is over
     */
    public boolean read(Collection<EligibleLanes.Head> part, long last) {
      lock.lock();
      try {
        Set<Long> there = new HashSet<>(arrived.keySet());
        part.forEach(head -> there.add(head.lane().id()));
        heads.subMap(behind, false, last, true).keySet().stream()
            .filter(id -> !there.contains(id))
            .toList()
            .forEach(this::drop);
        part.forEach(this::keep);
        arrived.forEach(LaneHeads.this::arrived);
        if (after == behind) { // else another claim has read the same part
          next(last, began);
        }
        return last == Long.MAX_VALUE;
      } finally {
        lock.unlock();
      }
    }

    private void drop(long lane) {
      Optional.ofNullable(heads.get(lane)).ifPresent(head -> changed.putIfAbsent(lane, head));
      remove(lane);
    }

    private void keep(EligibleLanes.Head head) {
      long lane = head.lane().id();
      Optional.ofNullable(heads.get(lane)).ifPresent(old -> changed.putIfAbsent(lane, old));
      put(head);
    }

    private void undo() {
      lock.lock();
      try {
        changed.values().forEach(LaneHeads.this::arrived);
        if (after > behind) {
          after = behind;
          lookAt = time.ticks();
        }
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() {
      lock.lock();
      try {
        open.remove(this);
      } finally {
        lock.unlock();
      }
    }
  }

  /**
   * Begins to look at lanes.
   *
   * @param postCommit receives the undo of what is read
   */
  public Watch watch(PostCommitSignals postCommit) {
    lock.lock();
    try {
      Watch watch = new Watch(after, time.ticks());
      postCommit.ifFailed(watch::undo);
      open.add(watch);
      return watch;
    } finally {
      lock.unlock();
    }
  }

  private void next(long last, long began) {
    long now = time.ticks();
    boolean isOver = last == Long.MAX_VALUE;
    boolean isOnePart = isOver && after == BEFORE_ALL;
    long rest = REST * (now - began);
    if (isOnePart) {
      lookAt = now + intervalNanos;
    } else if (isOver) {
      lookAt = now + Math.max(intervalNanos, rest);
    } else {
      lookAt = isComplete ? now + rest : now;
    }
    isMany = !isOnePart;
    isComplete |= isOver;
    after = isOver ? BEFORE_ALL : last;
  }

  /** Receives arrivals: no job of these lanes is before these places now. */
  public void arrived(Map<Long, Place> places) {
    if (places.isEmpty()) {
      return;
    }
    lock.lock();
    try {
      places.forEach(this::arrived);
      open.forEach(
          watch -> places.forEach((lane, place) -> watch.arrived.merge(lane, place, Place::first)));
    } finally {
      lock.unlock();
    }
  }

  private void arrived(long lane, Place place) {
    EligibleLanes.@Nullable Head head = heads.get(lane);
    if (head == null) {
      arrivals.merge(lane, place, Place::first);
    } else if (place.compareTo(head.place()) < 0) {
      put(new EligibleLanes.Head(head.lane(), place));
    }
  }

  /** Takes out the lanes where jobs arrived and whose rows are not known here, some at a time. */
  public List<LaneHead> takeArrivals(PostCommitSignals postCommit) {
    lock.lock();
    try {
      List<LaneHead> taken = new ArrayList<>();
      Map<Long, Place> places = new HashMap<>();
      Iterator<Map.Entry<Long, Place>> oldest = arrivals.entrySet().iterator();
      while (oldest.hasNext() && taken.size() < ARRIVALS_MAX) {
        Map.Entry<Long, Place> arrival = oldest.next();
        taken.add(new LaneHead(arrival.getKey(), arrival.getValue()));
        places.put(arrival.getKey(), arrival.getValue());
        oldest.remove();
      }
      if (!taken.isEmpty()) {
        postCommit.ifFailed(() -> arrived(places));
      }
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** Takes a lane where jobs arrived. */
  public void arrived(EligibleLanes.Head arrived) {
    lock.lock();
    try {
      EligibleLanes.@Nullable Head head = heads.get(arrived.lane().id());
      if (head == null || arrived.place().compareTo(head.place()) < 0) {
        put(arrived);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Takes a lane where the running claims moved jobs themselves. */
  public void sortedIn(EligibleLanes.Head sorted) {
    arrived(sorted);
    arrived(Map.of(sorted.lane().id(), sorted.place()));
  }

  private void put(EligibleLanes.Head head) {
    EligibleLanes.@Nullable Head old = heads.put(head.lane().id(), head);
    if (old == null && head.lane().isLastChance()) {
      lastChances++;
    }
    if (!head.equals(old)) {
      views.values().forEach(view -> view.replace(old, head));
    }
  }

  private void remove(long lane) {
    EligibleLanes.@Nullable Head old = heads.remove(lane);
    if (old != null) {
      lastChances -= old.lane().isLastChance() ? 1 : 0;
      views.values().forEach(view -> view.replace(old, null));
    }
  }

  /** Forgets all lanes, as they may be others now. */
  public void forget() {
    lock.lock();
    try {
      heads.clear();
      lastChances = 0;
      views.clear();
      arrivals.clear();
      isComplete = false;
      restart();
    } finally {
      lock.unlock();
    }
  }

  /** Lets the next round begin at once, as signals of arrivals may have been lost. */
  public void lookAgain() {
    lock.lock();
    try {
      restart();
    } finally {
      lock.unlock();
    }
  }

  private void restart() {
    after = BEFORE_ALL;
    lookAt = time.ticks();
  }

  private EligibleLanes view(EligibleLanes.Kind kind) {
    return views.computeIfAbsent(kind, first -> new EligibleLanes(first, heads.values()));
  }

  /** Returns the next queue with work for such claims behind one name, up to another. */
  public Optional<String> queueAfter(EligibleLanes.Kind kind, String after, Optional<String> last) {
    lock.lock();
    try {
      return view(kind).queueAfter(after).filter(name -> last.isEmpty() || isUpTo(name, last));
    } finally {
      lock.unlock();
    }
  }

  private static boolean isUpTo(String name, Optional<String> last) {
    return name.compareTo(last.orElseThrow()) <= 0;
  }

  /** Returns the types of waiting jobs that such claims may take from a queue. */
  public Set<String> types(EligibleLanes.Kind kind, String queue) {
    lock.lock();
    try {
      return view(kind).types(queue);
    } finally {
      lock.unlock();
    }
  }

  /** Returns how many queues have work for such claims. */
  public int queues(EligibleLanes.Kind kind) {
    lock.lock();
    try {
      return view(kind).queues();
    } finally {
      lock.unlock();
    }
  }

  /** Returns whether jobs wait in a queue that such claims may take. */
  public boolean hasWork(EligibleLanes.Kind kind, String queue) {
    lock.lock();
    try {
      return view(kind).hasWork(queue);
    } finally {
      lock.unlock();
    }
  }

  /** Returns the next queue behind one name where jobs of this type wait for such claims. */
  public Optional<String> queueAfter(EligibleLanes.Kind kind, String after, String type) {
    lock.lock();
    try {
      return view(kind).queueAfter(after, type);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Returns the first lanes of a queue with work for such claims.
   *
   * @param wanted leaves out others; asked under the lock, so it must not wait
   */
  public List<JobLane> first(
      EligibleLanes.Kind kind, String queue, int most, Predicate<JobLane> wanted) {
    lock.lock();
    try {
      return view(kind).first(queue, most, wanted);
    } finally {
      lock.unlock();
    }
  }
}
