package dev.holdfast.test.time;

import dev.holdfast.spi.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Time that passes only from event to event. All events of a simulation happen one after the other,
 * in chronological order; so the same start always has the same outcome.
 *
 * <p>The monotonic clock starts a minute before its overflow, as real ones may start anywhere.
 */
public final class VirtualTime implements TimeSource, AutoCloseable {
  private static final long TICKS_ORIGIN = Long.MAX_VALUE - Duration.ofMinutes(1).toNanos();
  private static final int DEPTH_MAX = 20;
  private static final int EVENTS_PER_INSTANT_MAX = 200_000;

  /** A planned event. */
  public final class Event {
    private final long atNanos;
    private final long tie;
    private final long number;
    private final VirtualProcess process;
    private final long suspendedNanos; // of the process, when the event was planned
    private final Runnable action;
    private boolean cancelled;

    private Event(long atNanos, VirtualProcess process, Runnable action) {
      this.atNanos = atNanos;
      this.tie = ties.getAsLong();
      this.number = planned++;
      this.process = process;
      this.suspendedNanos = process.suspendedNanos();
      this.action = action;
    }

    /** Cancels the event. */
    public void cancel() {
      cancelled = true;
    }

    /** Returns the time until it happens. */
    public Duration left() {
      return Duration.ofNanos(Math.max(0, atNanos - elapsedNanos));
    }
  }

  /** Tells which time is idle, so that it can be skipped. */
  public interface IdleTime {
    /** Returns how long nothing will happen but housekeeping; zero if something may. */
    Duration left();

    /** Some of it was skipped; the events of that time happen next, all at once. */
    void skipped();
  }

  private final LongSupplier ties;
  private final Queue<Runnable> fromOutside = new ConcurrentLinkedQueue<>();
  private volatile @Nullable Thread loop; // the thread that lets time pass
  private @Nullable IdleTime idleTime;
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(
          Comparator.<Event>comparingLong(event -> event.atNanos)
              .thenComparingLong(event -> event.tie)
              .thenComparingLong(event -> event.number));
  private final Deque<VirtualThread> idleThreads = new ArrayDeque<>();
  private long elapsedNanos;
  private long planned;
  private int eventsAtThisInstant;
  private int depth; // number of nested events that take time
  private Duration wallOffset = Duration.ZERO;
  private long forwardNanos; // by which it was set forward in all
  private Instant latestBeforeSteps = Instant.MIN;

  /** Creates a time in which simultaneous events happen in the order in which they were planned. */
  public VirtualTime() {
    this(() -> 0);
  }

  /**
   * Creates a time in which simultaneous events happen in the order of {@code ties}, such as random
   * numbers.
   */
  public VirtualTime(LongSupplier ties) {
    this.ties = ties;
  }

  @Override
  public Instant now() {
    return MovableTime.START.plus(wallOffset).plusNanos(elapsedNanos);
  }

  @Override
  public long ticks() {
    return TICKS_ORIGIN + elapsedNanos;
  }

  /** Returns the latest time that the wall clock has ever shown. */
  public Instant latestNow() {
    return now().isAfter(latestBeforeSteps) ? now() : latestBeforeSteps;
  }

  /** Returns the time since the start. */
  public long elapsedNanos() {
    return elapsedNanos;
  }

  /** Sets the wall clock forward, or back by a negative {@code step}. */
  public void stepWallClock(Duration step) {
    latestBeforeSteps = latestNow();
    wallOffset = wallOffset.plus(step);
    forwardNanos += Math.max(0, step.toNanos());
  }

  /** Returns the time since the start, as a clock shows it that is set forward and never back. */
  public long fastNanos() {
    return elapsedNanos + forwardNanos;
  }

  /** Plans {@code action} of {@code process} for {@code delay} from now. */
  public Event plan(VirtualProcess process, Duration delay, Runnable action) {
    long at = elapsedNanos + Math.max(0, delay.toNanos());
    Event event = new Event(at, process, action);
    if (process.isAlive()) {
      events.add(event);
    }
    return event;
  }

  /** Skips idle time from now on. */
  public void skip(IdleTime idle) {
    idleTime = idle;
  }

  /**
   * Runs {@code action} in its turn: at once if the caller is an event, otherwise when time passes
   * next. Safe from any thread.
   */
  public void inTurn(Runnable action) {
    if (isInTurn()) {
      action.run();
    } else {
      fromOutside.add(action);
    }
  }

  /** Returns whether another thread lets time pass now. */
  boolean isPassedByOther() {
    @Nullable Thread passes = loop;
    return passes != null && passes != Thread.currentThread();
  }

  /** Returns whether the calling thread runs an event now. */
  public boolean isInTurn() {
    return Thread.currentThread() == loop
        || (Thread.currentThread() instanceof VirtualThread handler && handler.hasTurn());
  }

  /** Lets this much time pass, with all events in it. */
  public void advance(Duration time) {
    runUntil(() -> false, time);
  }

  /**
   * Lets time pass until {@code done}, which is checked after each event, at most {@code most}.
   *
   * @return whether it was done in time
   */
  public boolean runUntil(BooleanSupplier done, Duration most) {
    @Nullable Thread outer = loop;
    loop = Thread.currentThread();
    try {
      return run(done, elapsedNanos + most.toNanos());
    } finally {
      loop = outer;
    }
  }

  private boolean run(BooleanSupplier done, long end) {
    takeFromOutside();
    while (!done.getAsBoolean()) {
      @Nullable Event next = nextEvent();
      if ((next == null || next.atNanos > elapsedNanos) && skipIdleTime(end)) {
        continue;
      }
      if (next == null || next.atNanos > end) {
        passTo(end);
        return done.getAsBoolean();
      }
      events.remove();
      happen(next);
      takeFromOutside();
    }
    return true;
  }

  private void takeFromOutside() {
    for (Runnable action; (action = fromOutside.poll()) != null; ) {
      action.run();
    }
  }

  private @Nullable Event nextEvent() {
    for (Event next; (next = events.peek()) != null && next.cancelled; ) {
      events.remove();
    }
    return events.peek();
  }

  /** Skips what is idle of the time until {@code end}. @return whether there was any */
  private boolean skipIdleTime(long end) {
    if (idleTime == null || elapsedNanos >= end) {
      return false;
    }
    long idleNanos = Math.min(idleTime.left().toNanos(), end - elapsedNanos);
    if (idleNanos <= 0) {
      return false;
    }
    passTo(elapsedNanos + idleNanos);
    idleTime.skipped();
    return true;
  }

  /**
   * Lets time pass within an event of {@code process}: others proceed meanwhile, including other
   * threads of the same process. If the process is paused meanwhile, it takes longer.
   */
  public void takes(VirtualProcess process, Duration duration) {
    if (depth >= DEPTH_MAX) {
      return;
    }
    depth++;
    advance(duration);
    while (process.isAlive() && process.frozenUntil() > elapsedNanos) {
      advance(Duration.ofNanos(process.frozenUntil() - elapsedNanos));
    }
    depth--;
  }

  private void happen(Event event) {
    if (event.cancelled || !event.process.isAlive()) {
      return;
    }
    passTo(event.atNanos);
    long sleptNanos = event.process.suspendedNanos() - event.suspendedNanos;
    long frozenNanos = Math.max(event.process.frozenUntil(), elapsedNanos) - elapsedNanos;
    if (Math.max(sleptNanos, frozenNanos) > 0) {
      putOff(event, Duration.ofNanos(Math.max(sleptNanos, frozenNanos)));
      return;
    }
    event.action.run();
  }

  /** Delays an event by its process's own clock, which stops with it. */
  private void putOff(Event event, Duration delay) {
    plan(
        event.process,
        delay,
        () -> {
          if (!event.cancelled) {
            event.action.run();
          }
        });
  }

  private void passTo(long nanos) {
    eventsAtThisInstant = nanos > elapsedNanos ? 0 : eventsAtThisInstant + 1;
    if (eventsAtThisInstant > EVENTS_PER_INSTANT_MAX) {
      throw new IllegalStateException("time stands still: there is an endless loop");
    }
    elapsedNanos = Math.max(elapsedNanos, nanos);
  }

  /** Returns an idle thread. */
  VirtualThread idleThread() {
    @Nullable VirtualThread idle = idleThreads.poll();
    return idle == null ? new VirtualThread(this) : idle;
  }

  void isIdle(VirtualThread thread) {
    idleThreads.push(thread);
  }

  /** Ends all threads; processes should have died or ended before. */
  @Override
  public void close() {
    idleThreads.forEach(VirtualThread::end);
    idleThreads.clear();
  }
}
