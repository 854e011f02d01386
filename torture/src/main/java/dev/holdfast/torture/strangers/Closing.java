package dev.holdfast.torture.strangers;

import java.sql.Connection;
import java.sql.SQLException;

/** Closes sessions of strangers. */
final class Closing {
  private Closing() {}

  /** Closes a connection that the nemesis may have broken; its transaction is rolled back. */
  static void quietly(Connection connection) {
    try (connection) {
      connection.rollback();
    } catch (SQLException broken) {
      // the server has ended it and released its locks
    }
  }
}
