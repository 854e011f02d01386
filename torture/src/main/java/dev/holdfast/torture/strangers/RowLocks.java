package dev.holdfast.torture.strangers;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Locks on rows of Holdfast's tables on PostgreSQL, as taken by a user in psql. */
public final class RowLocks implements Hold {

  /** The kinds of rows. */
  public enum Kind {
    /** Jobs that workers hold. */
    JOBS(
        """
        select id::text from holdfast.jobs where state = 'RUNNING'
         order by random() limit 5 for update skip locked
        """),
    /** The next jobs to be claimed. */
    PENDING(
        """
        select id::text from holdfast.jobs where state = 'PENDING'
         order by rank, run_at, id limit 5 for update skip locked
        """),
    /** The settings of queues. */
    QUEUES("select name from holdfast.queues for update skip locked"),
    /** A live node. */
    NODES(
        """
        select name from holdfast.nodes where ended_at is null
         order by random() limit 1 for update skip locked
        """),
    /** Dependencies, with their jobs. */
    DEPENDENCIES(
        """
        select j.id::text from holdfast.job_waits w join holdfast.jobs j on j.id = w.job_id
         where w.satisfied_at is null limit 5 for update skip locked
        """);

    private final String statement;

    Kind(String statement) {
      this.statement = statement;
    }
  }

  private final Kind kind;
  private final Connection connection;
  private final Set<String> rows;

  private RowLocks(Kind kind, Connection connection, Set<String> rows) {
    this.kind = kind;
    this.connection = connection;
    this.rows = rows;
  }

  /** Locks rows of this kind; empty if there are no unlocked ones. */
  public static Optional<RowLocks> take(String url, Kind kind) {
    try {
      Connection connection = DriverManager.getConnection(url);
      connection.setAutoCommit(false);
      Set<String> rows = lock(connection, kind);
      if (rows.isEmpty()) {
        connection.close();
        return Optional.empty();
      }
      return Optional.of(new RowLocks(kind, connection, rows));
    } catch (SQLException noServer) {
      return Optional.empty();
    }
  }

  private static Set<String> lock(Connection connection, Kind kind) throws SQLException {
    Set<String> rows = new LinkedHashSet<>();
    try (PreparedStatement sql = connection.prepareStatement(kind.statement);
        ResultSet row = sql.executeQuery()) {
      while (row.next()) {
        rows.add(row.getString(1));
      }
    }
    return rows;
  }

  @Override
  public String what() {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public Set<String> rows() {
    return rows;
  }

  @Override
  public void end() {
    Closing.quietly(connection);
  }
}
