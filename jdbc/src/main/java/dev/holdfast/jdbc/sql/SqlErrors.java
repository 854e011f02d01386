package dev.holdfast.jdbc.sql;

import java.sql.SQLException;

/** Translates the errors of a dialect's database. */
public interface SqlErrors {
  /** Translates {@code failure} for a caller. */
  RuntimeException meaning(SQLException failure);

  /**
   * Returns whether {@code failure} concerns one statement or transaction only, such as a
   * constraint or a lock that others hold. After any other error the connection is suspect: its
   * statements may be closed, and its transaction may be open, ended or committed.
   */
  boolean isHarmless(SQLException failure);
}
