package dev.holdfast.testkit.postgres;

import dev.holdfast.testkit.process.Eventually;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Statements of a test, each on its own connection. */
final class Sql {
  private Sql() {}

  static void execute(String url, String statement) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement sql = connection.createStatement()) {
      sql.execute(statement);
    }
  }

  /** Returns the first column of the first row. */
  static String query(String url, String query) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement sql = connection.createStatement();
        ResultSet row = sql.executeQuery(query)) {
      row.next();
      return row.getString(1);
    }
  }

  /** Waits until the query returns this value. */
  static void await(String url, String query, String answer) {
    Eventually.is(answer + " by " + query, () -> query(url, query).equals(answer));
  }
}
