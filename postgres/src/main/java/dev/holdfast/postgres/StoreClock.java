package dev.holdfast.postgres;

import dev.holdfast.jdbc.store.Session;
import java.util.OptionalLong;

/**
 * The time that stamps rows and decides between nodes, in microseconds. It is known to lie between
 * two bounds.
 */
interface StoreClock {

  /**
   * What it is at least, if that is known without asking the database. What is due by it is due.
   */
  OptionalLong atLeast();

  /** The same; asks the database where that is needed. */
  long atLeast(Session session);

  /**
   * What it is at most. From it delays are counted, so that none ends early; it asks the database
   * where that is needed.
   */
  long atMost(Session session);
}
