package dev.holdfast.postgres;

import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.spi.TimeSource;
import java.util.OptionalLong;

/** The clock that a test moves, in the place of the database's. */
record MovedClock(TimeSource time) implements StoreClock {
  @Override
  public OptionalLong atLeast() {
    return OptionalLong.of(Micros.of(time.now()));
  }

  @Override
  public long atLeast(Session session) {
    return Micros.of(time.now());
  }

  @Override
  public long atMost(Session session) {
    return Micros.of(time.now());
  }
}
