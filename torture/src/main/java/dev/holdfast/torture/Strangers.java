package dev.holdfast.torture;

import dev.holdfast.torture.evidence.Blow;
import dev.holdfast.torture.host.Moment;
import dev.holdfast.torture.strangers.Ballast;
import dev.holdfast.torture.strangers.Caller;
import dev.holdfast.torture.strangers.Hold;
import dev.holdfast.torture.strangers.RowLocks;
import dev.holdfast.torture.strangers.StoreLock;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;

/** Strikes the store from outside: by sessions that hold locks, and by filling its disk. */
final class Strangers {
  private static final long HOLD_MILLIS_MIN = 1_000;
  private static final long HOLD_MILLIS_MAX = 30_000;

  /** The maximum time of a store lock, which is less than Holdfast waits for it. */
  private static final long STORE_MILLIS_MAX = 4_000;

  private static final long STORE_MILLIS_MIN = 200;

  private final Stage stage;
  private final Plan plan;
  private final Spells spells;
  private final Caller caller;
  private final SplittableRandom random;
  private int number;

  Strangers(Stage stage, Plan plan, Spells spells, Caller caller, SplittableRandom random) {
    this.stage = stage;
    this.plan = plan;
    this.spells = spells;
    this.caller = caller;
    this.random = random;
  }

  boolean lockRows() {
    RowLocks.Kind[] kinds = RowLocks.Kind.values();
    RowLocks.Kind kind = kinds[random.nextInt(kinds.length)];
    Moment at = Moment.now();
    Optional<RowLocks> locks = RowLocks.take(stage.url(), kind);
    locks.ifPresent(
        rows -> {
          boolean ofNode = kind == RowLocks.Kind.NODES;
          String who = ofNode ? rows.rows().iterator().next() : label(rows);
          begin(new Blow(Blow.Kind.LOCK_ROWS, at, who), holdTime(), rows);
        });
    return locks.isPresent();
  }

  boolean lockStore() {
    if (spells.holdStore()) {
      return false;
    }
    Moment at = Moment.now();
    Optional<StoreLock> lock = StoreLock.take(stage.url());
    lock.ifPresent(
        hold -> begin(new Blow(Blow.Kind.LOCK_STORE, at, Blow.STORE), storeTime(), hold));
    return lock.isPresent();
  }

  /** Leaves a caller's transaction open; on SQLite it locks the whole store. */
  boolean openCall(long ends) {
    boolean isSqlite = plan.ground().isSqlite();
    if (isSqlite && spells.holdStore()) {
      return false;
    }
    Moment at = Moment.now();
    Optional<? extends Hold> call =
        random.nextBoolean() ? caller.after() : caller.withKey(ends + plan.unfinished());
    call.ifPresent(
        hold -> {
          Duration time = isSqlite ? storeTime() : holdTime();
          String who = isSqlite ? Blow.STORE : label(hold);
          begin(new Blow(Blow.Kind.OPEN_CALL, at, who), time, hold);
        });
    return call.isPresent();
  }

  boolean fillDisk() {
    if (spells.holdStore() || stage.props().disk().isEmpty()) {
      return false;
    }
    Moment at = Moment.now();
    Hold ballast = Ballast.on(stage.props().disk().get().folder());
    begin(new Blow(Blow.Kind.FILL_DISK, at, Blow.STORE), storeTime(), ballast);
    return true;
  }

  private void begin(Blow blow, Duration time, Hold hold) {
    spells.begin(blow, time, hold.rows(), hold::end);
  }

  private String label(Hold hold) {
    return hold.what() + "#" + ++number;
  }

  /** Returns the duration of a lock, up to half a minute; less with short leases. */
  private Duration holdTime() {
    long most = Math.min(HOLD_MILLIS_MAX, 2 * plan.lease().toMillis());
    return Duration.ofMillis(random.nextLong(HOLD_MILLIS_MIN, Math.max(HOLD_MILLIS_MIN, most) + 1));
  }

  private Duration storeTime() {
    return Duration.ofMillis(random.nextLong(STORE_MILLIS_MIN, STORE_MILLIS_MAX + 1));
  }
}
