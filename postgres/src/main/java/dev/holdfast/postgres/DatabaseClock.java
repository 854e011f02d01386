package dev.holdfast.postgres;

import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.TimeSource;
import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The database's clock, which is the same for all nodes. It is read about once a second and
 * extrapolated by the monotonic clock in between. It is unknown at which moment of the round trip
 * the server read its clock, so there are two bounds, one round trip apart: what is due by the
 * lower one is due, and a delay counted from the upper one is long enough.
 */
final class DatabaseClock implements StoreClock {
  private static final Sql READ =
      Sql.of("select (extract(epoch from clock_timestamp()) * 1000000)::bigint");

  private static final long FRESH_NANOS = Duration.ofSeconds(1).toNanos();
  private static final int NANOS_PER_MICRO = 1_000;

  /** A reading of the server's clock between two local times. */
  private record Reading(long micros, long askedTicks, long answeredTicks) {
    long atLeast(long ticks) {
      return micros + (ticks - answeredTicks) / NANOS_PER_MICRO;
    }

    long atMost(long ticks) {
      return micros + (ticks - askedTicks) / NANOS_PER_MICRO + 1;
    }

    boolean isFresh(long ticks) {
      return ticks - answeredTicks < FRESH_NANOS;
    }
  }

  private final TimeSource time;
  private volatile @Nullable Reading newest;

  DatabaseClock(TimeSource time) {
    this.time = time;
  }

  @Override
  public OptionalLong atLeast() {
    Reading reading = newest;
    long ticks = time.ticks();
    return reading == null || !reading.isFresh(ticks)
        ? OptionalLong.empty()
        : OptionalLong.of(reading.atLeast(ticks));
  }

  @Override
  public long atLeast(Session session) {
    return fresh(session).atLeast(time.ticks());
  }

  @Override
  public long atMost(Session session) {
    return fresh(session).atMost(time.ticks());
  }

  private Reading fresh(Session session) {
    Reading reading = newest;
    return reading == null || !reading.isFresh(time.ticks()) ? read(session) : reading;
  }

  private Reading read(Session session) {
    long asked = time.ticks();
    long micros = session.sql(READ).number();
    Reading reading = new Reading(micros, asked, time.ticks());
    newest = reading;
    return reading;
  }
}
