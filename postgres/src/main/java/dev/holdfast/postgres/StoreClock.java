package dev.holdfast.postgres;

import dev.holdfast.jdbc.sql.Session;
import java.util.OptionalLong;

/**
 * The clock that stamps rows and decides between nodes, in microseconds. The exact time is only
 * known to lie between two bounds.
 */
interface StoreClock {

  /**
   * Returns the lower bound, if it is known without asking the database. What is due by it is due.
   */
  OptionalLong atLeast();

  /** Returns the lower bound; asks the database if needed. */
  long atLeast(Session session);

  /**
   * Returns the upper bound. Delays are counted from it, so that none ends early; asks the database
   * if needed.
   */
  long atMost(Session session);
}
