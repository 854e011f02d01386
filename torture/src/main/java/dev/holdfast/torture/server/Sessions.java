package dev.holdfast.torture.server;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Ends sessions of Holdfast on a server. */
final class Sessions {
  private static final String END_ONE =
      """
      with sessions as (
        select pid, row_number() over (order by pid) - 1 as number, count(*) over () as count
          from pg_stat_activity where application_name like 'holdfast%')
      select count(pg_terminate_backend(pid)) from sessions where number = mod(?, count)
      """;

  private static final String END_ALL =
      """
      select count(pg_terminate_backend(pid))
        from pg_stat_activity where application_name like 'holdfast%' and ? >= 0
      """;

  private Sessions() {}

  static boolean endOne(String url, int draw) {
    return end(url, END_ONE, draw & Integer.MAX_VALUE);
  }

  static boolean endAll(String url) {
    return end(url, END_ALL, 0);
  }

  private static boolean end(String url, String statement, int number) {
    try (Connection connection = DriverManager.getConnection(url);
        PreparedStatement sql = connection.prepareStatement(statement)) {
      sql.setInt(1, number);
      try (ResultSet row = sql.executeQuery()) {
        return row.next() && row.getInt(1) > 0;
      }
    } catch (SQLException failure) {
      throw new IllegalStateException("sessions could not be ended", failure);
    }
  }
}
