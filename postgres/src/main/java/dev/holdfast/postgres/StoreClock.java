package dev.holdfast.postgres;

import dev.holdfast.jdbc.store.Session;
import java.util.OptionalLong;

/** The time that stamps rows and decides between nodes, in microseconds. */
interface StoreClock {

  /** The time, if it is known without asking the database. */
  OptionalLong known();

  /** Asks the database where that is needed. */
  long now(Session session);
}
