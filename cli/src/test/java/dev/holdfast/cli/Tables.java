package dev.holdfast.cli;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** The contents of a database's tables, read without Holdfast, in one form for all databases. */
public final class Tables {
  /**
   * The columns to compare; row numbers and the state of nodes are specific to a database and left
   * out.
   */
  private static final Map<String, String> CONTENTS =
      Map.ofEntries(
          Map.entry("jobs and payloads", "select * from job_rows"),
          Map.entry("job_progress", "select * from job_progress"),
          Map.entry("job_events", "select * from job_events order by job_id, number"),
          Map.entry("job_logs", "select * from job_logs order by job_id, number"),
          Map.entry("job_checkpoints", "select * from job_checkpoints"),
          Map.entry("job_steps", "select * from job_steps order by job_id, position"),
          Map.entry("job_waits", "select * from job_waits order by job_id, position"),
          Map.entry("job_signals", "select * from job_signals order by job_id, name"),
          Map.entry(
              "jobs that wait",
              "select id, waits, awaited from jobs where waits + awaited > 0 order by id"),
          Map.entry("idempotency_keys", "select * from idempotency_keys"),
          Map.entry(
              "queues",
              """
              select name, claim_order, manual, concurrency, concurrency_per_group, rate_limit,
                     rate_period_us, indexed, paused_at, paused_by
                from queues order by name
              """),
          Map.entry("type_limits", "select * from type_limits order by type"),
          Map.entry(
              "nodes that ran jobs",
              """
              select id, name, host, process_id from nodes
               where id in (select node from jobs) order by id
              """));

  private final String url;

  public Tables(Path database) {
    this("jdbc:sqlite:" + database);
  }

  /** Reads the tables of the database at a JDBC URL. */
  public Tables(String url) {
    this.url = url;
  }

  /** Returns all rows by table, each table in its own order. */
  public Map<String, List<String>> contents() throws SQLException {
    Map<String, List<String>> contents = new TreeMap<>();
    try (Connection connection = open()) {
      for (Map.Entry<String, String> table : CONTENTS.entrySet()) {
        List<String> rows = rows(connection, table.getValue());
        if (!table.getValue().contains("order by")) {
          rows.sort(null);
        }
        contents.put(table.getKey(), rows);
      }
    }
    return contents;
  }

  private static List<String> rows(Connection connection, String query) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet results = statement.executeQuery(query)) {
      int columns = results.getMetaData().getColumnCount();
      while (results.next()) {
        StringBuilder row = new StringBuilder();
        for (int column = 1; column <= columns; column++) {
          String name = results.getMetaData().getColumnName(column);
          Object value = results.getObject(column);
          if (value instanceof byte[] bytes) {
            value = HexFormat.of().formatHex(bytes);
          }
          if (value instanceof UUID id) {
            value = id.toString().replace("-", "");
          }
          if (!name.equals("number")) {
            row.append(name).append('=').append(value).append(' ');
          }
        }
        rows.add(row.toString());
      }
    }
    return rows;
  }

  /** Changes rows directly. */
  public void change(String... statements) throws SQLException {
    try (Connection connection = open();
        Statement statement = connection.createStatement()) {
      for (String text : statements) {
        statement.execute(text);
      }
    }
  }

  private Connection open() throws SQLException {
    boolean isPostgres = url.startsWith("jdbc:postgresql:");
    String own = isPostgres ? (url.contains("?") ? "&" : "?") + "currentSchema=holdfast" : "";
    return DriverManager.getConnection(url + own);
  }
}
