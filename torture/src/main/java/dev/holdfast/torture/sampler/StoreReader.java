package dev.holdfast.torture.sampler;

import dev.holdfast.JobId;
import dev.holdfast.torture.sampler.Look.Front;
import dev.holdfast.torture.sampler.Look.Held;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads the store through its own connection, bypassing Holdfast. */
final class StoreReader implements AutoCloseable {
  /**
   * Selects the next jobs; those that crashed their processes wait for an idle node, so they are
   * excluded.
   */
  private static final String FRONTS =
      """
      select j.queue, j.id from jobs j
        left join queues q on q.name = j.queue
       where j.state = 'PENDING' and j.crashes < 2
         and q.paused_at is null and coalesce(q.manual, 0) = 0
         and (q.concurrency is null
              or q.concurrency > (select count(*) from jobs r where r.state = 'RUNNING' and r.queue = j.queue))
       order by j.rank, j.run_at, j.id limit 200
      """;

  private static final String HELD =
      """
      select j.id, j.token, n.name, q.concurrency
        from jobs j join nodes n on n.id = j.node left join queues q on q.name = j.queue
       where j.state = 'RUNNING'
      """;

  private static final String OVERDUE =
      "select id from jobs where state = 'SCHEDULED' and run_at < ? order by run_at limit 20";

  private static final String RELEASED =
      """
      select j.id from jobs j
       where j.state = 'BLOCKED' and not exists
         (select 1 from job_waits w join jobs p on p.id = w.on_id
           where w.job_id = j.id and p.state not in ('COMPLETED', 'FAILED', 'CANCELLED'))
       limit 20
      """;

  /**
   * Selects unlocked rows; it locks them for a moment, so it is used only if something is wrong.
   */
  private static final String FREE =
      "select id from jobs where id = any (?) for update skip locked";

  private static final String ANSWER_SECONDS_MAX = "2";

  private final String url;
  private final boolean isSqlite;
  private @Nullable Connection connection;

  StoreReader(String url) {
    this.url = url;
    this.isSqlite = url.startsWith("jdbc:sqlite:");
  }

  /** Reads the state; empty if the store does not respond. */
  Optional<Look> look(long overdueMicros) {
    try {
      Connection open = connection();
      return Optional.of(
          new Look(
              fronts(open),
              held(open),
              ids(open, OVERDUE, overdueMicros),
              ids(open, RELEASED, null)));
    } catch (SQLException noAnswer) {
      close();
      return Optional.empty();
    }
  }

  /** Returns whether the write lock of the file is free; always true on a server. */
  boolean canBeWritten() {
    if (!isSqlite) {
      return true;
    }
    try (Statement statement = connection().createStatement()) {
      statement.execute("begin immediate");
      statement.execute("rollback");
      return true;
    } catch (SQLException busy) {
      return false;
    }
  }

  /** Returns the jobs among these whose rows are locked; on a server. */
  Set<JobId> locked(List<JobId> jobs) {
    Set<JobId> locked = new HashSet<>(jobs);
    if (isSqlite) {
      return Set.of();
    }
    try {
      Connection open = connection();
      try (PreparedStatement sql = open.prepareStatement(FREE)) {
        sql.setArray(1, open.createArrayOf("uuid", jobs.stream().map(JobId::value).toArray()));
        try (ResultSet row = sql.executeQuery()) {
          while (row.next()) {
            locked.remove(id(row, 1));
          }
        }
      }
      return locked;
    } catch (SQLException noAnswer) {
      close();
      return locked;
    }
  }

  private static List<Front> fronts(Connection connection) throws SQLException {
    List<Front> fronts = new ArrayList<>();
    try (PreparedStatement sql = connection.prepareStatement(FRONTS);
        ResultSet row = sql.executeQuery()) {
      while (row.next()) {
        fronts.add(new Front(row.getString(1), id(row, 2)));
      }
    }
    return fronts;
  }

  private static List<Held> held(Connection connection) throws SQLException {
    List<Held> held = new ArrayList<>();
    try (PreparedStatement sql = connection.prepareStatement(HELD);
        ResultSet row = sql.executeQuery()) {
      while (row.next()) {
        held.add(new Held(id(row, 1), row.getLong(2), row.getString(3), row.getString(4) != null));
      }
    }
    return held;
  }

  private static List<JobId> ids(Connection connection, String statement, @Nullable Long micros)
      throws SQLException {
    List<JobId> ids = new ArrayList<>();
    try (PreparedStatement sql = connection.prepareStatement(statement)) {
      if (micros != null) {
        sql.setLong(1, micros);
      }
      try (ResultSet row = sql.executeQuery()) {
        while (row.next()) {
          ids.add(id(row, 1));
        }
      }
    }
    return ids;
  }

  private static JobId id(ResultSet row, int column) throws SQLException {
    if (row.getObject(column) instanceof byte[] bytes) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      return new JobId(new UUID(buffer.getLong(), buffer.getLong()));
    }
    return new JobId(row.getObject(column, UUID.class));
  }

  private Connection connection() throws SQLException {
    Connection open = connection;
    if (open == null) {
      Properties properties = new Properties();
      properties.setProperty(
          isSqlite ? "busy_timeout" : "socketTimeout", isSqlite ? "0" : ANSWER_SECONDS_MAX);
      open = DriverManager.getConnection(url, properties);
      if (!isSqlite) {
        open.setSchema("holdfast");
      }
      connection = open;
    }
    return open;
  }

  @Override
  public void close() {
    Connection open = connection;
    connection = null;
    if (open != null) {
      try {
        open.close();
      } catch (SQLException broken) {
        // it is not used any more
      }
    }
  }
}
