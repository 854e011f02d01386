package dev.holdfast.postgres;

import dev.holdfast.jdbc.store.Session;
import dev.holdfast.jdbc.store.Sql;
import dev.holdfast.spi.TimeSource;
import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The database's clock, which is the same for all nodes. It is read about once a second and carried
 * on by the monotonic clock in between. As the answer was on its way when it arrived, the time so
 * reckoned is never ahead of the database's: nothing happens before its time.
 */
final class DatabaseClock implements StoreClock {
  private static final Sql READ =
      Sql.of("select (extract(epoch from clock_timestamp()) * 1000000)::bigint");

  private static final long FRESH_NANOS = Duration.ofSeconds(1).toNanos();
  private static final int NANOS_PER_MICRO = 1_000;

  private record Reading(long micros, long ticks) {}

  private final TimeSource time;
  private volatile @Nullable Reading newest;

  DatabaseClock(TimeSource time) {
    this.time = time;
  }

  @Override
  public OptionalLong known() {
    Reading reading = newest;
    if (reading == null) {
      return OptionalLong.empty();
    }
    long since = time.ticks() - reading.ticks;
    return since < FRESH_NANOS
        ? OptionalLong.of(reading.micros + since / NANOS_PER_MICRO)
        : OptionalLong.empty();
  }

  @Override
  public long now(Session session) {
    return known().orElseGet(() -> read(session));
  }

  private long read(Session session) {
    long micros = session.sql(READ).number();
    newest = new Reading(micros, time.ticks());
    return micros;
  }
}
