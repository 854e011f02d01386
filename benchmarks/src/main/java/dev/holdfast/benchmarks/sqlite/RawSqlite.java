package dev.holdfast.benchmarks.sqlite;

import dev.holdfast.Holdfast;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.sqlite.SQLiteConfig;

/**
 * The upper bound: the table, indexes and rows that Holdfast itself writes, driven by a bare loop
 * over one connection with the same settings and the fastest statements.
 */
final class RawSqlite implements AutoCloseable {
  static final String PAYLOAD = "{\"text\":\"" + "x".repeat(180) + "\"}";
  private static final int ROWS = 50;
  private static final AtomicLong IDS = new AtomicLong(System.currentTimeMillis() << 12);

  /** A claimed row; a class, as its id is an array. */
  static final class Claimed {
    private final byte[] id;
    private final long token;

    private Claimed(byte[] id, long token) {
      this.id = id;
      this.token = token;
    }
  }

  private final Connection connection;
  private final Statement plain;
  private final PreparedStatement newest;
  private final PreparedStatement insertOne;
  private final PreparedStatement insertMany;
  private final PreparedStatement payloadOne;
  private final PreparedStatement payloadMany;
  private final PreparedStatement next;
  private final PreparedStatement claim;
  private final PreparedStatement completeOne;
  private final PreparedStatement completeMany;

  RawSqlite(Path file) throws SQLException {
    Holdfast.open(file.toString()).close(); // creates the schema
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(5_000);
    config.setTempStore(SQLiteConfig.TempStore.MEMORY);
    config.setCacheSize(-20_000);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    connection = config.createConnection("jdbc:sqlite:" + file);
    plain = connection.createStatement();
    plain.execute("pragma mmap_size = 134217728");
    newest = connection.prepareStatement("select max(number) from jobs");
    String insert =
        """
        insert into jobs
          (number, id, queue, type, state, rank, priority, run_at, max_attempts, created_at,
           updated_at)
        values\s""";
    String row = "(?, ?, 'default', 'noop', 'PENDING', 0, 0, ?, 4, ?, ?)";
    insertOne = connection.prepareStatement(insert + row);
    insertMany = connection.prepareStatement(insert + many(row));
    String payload = "insert into job_payloads (number, payload) values ";
    payloadOne = connection.prepareStatement(payload + "(?, ?)");
    payloadMany = connection.prepareStatement(payload + many("(?, ?)"));
    next =
        connection.prepareStatement(
            """
            select j.number, j.id, j.type, p.payload, j.attempt, j.token
              from jobs j indexed by jobs_pending
             cross join job_payloads p on p.number = j.number
             where j.state = 'PENDING' and j.lane = 0
             order by j.rank, j.run_at, j.id limit ?
            """);
    claim =
        connection.prepareStatement(
            """
            update jobs
               set state = 'RUNNING', attempt = attempt + 1, token = token + 1, node = ?,
                   started_at = ?, updated_at = ?
             where number in (select value from json_each(?))
            """);
    String complete =
        """
        update jobs set state = 'COMPLETED', finished_at = ?, updated_at = ?
         where (id, token) in (values %s) and state = 'RUNNING'
        """;
    completeOne = connection.prepareStatement(complete.formatted("(?, ?)"));
    completeMany = connection.prepareStatement(complete.formatted(many("(?, ?)")));
  }

  private static String many(String row) {
    return String.join(", ", Collections.nCopies(ROWS, row));
  }

  void begin() throws SQLException {
    plain.execute("begin immediate");
  }

  void commit() throws SQLException {
    plain.execute("commit");
  }

  void insert(int count) throws SQLException {
    long number;
    try (ResultSet result = newest.executeQuery()) {
      result.next();
      number = result.getLong(1) + 1;
    }
    int left = count;
    for (; left >= ROWS; left -= ROWS) {
      insert(insertMany, payloadMany, number, ROWS);
      number += ROWS;
    }
    for (; left > 0; left--) {
      insert(insertOne, payloadOne, number++, 1);
    }
  }

  private static void insert(
      PreparedStatement jobs, PreparedStatement payloads, long first, int rows)
      throws SQLException {
    long now = System.currentTimeMillis() * 1_000;
    int job = 1;
    int payload = 1;
    for (int i = 0; i < rows; i++) {
      jobs.setLong(job++, first + i);
      jobs.setBytes(job++, newId());
      jobs.setLong(job++, now);
      jobs.setLong(job++, now);
      jobs.setLong(job++, now);
      payloads.setLong(payload++, first + i);
      payloads.setString(payload++, PAYLOAD);
    }
    check(jobs.executeUpdate(), rows);
    check(payloads.executeUpdate(), rows);
  }

  private static byte[] newId() {
    long stamp = IDS.incrementAndGet();
    long high = ((stamp >>> 12) << 16) | 0x7000L | (stamp & 0xfff);
    UUID random = new UUID(high, 0x8000_0000_0000_0000L | ((stamp * 0x9E3779B97F4A7C15L) >>> 2));
    return ByteBuffer.allocate(16)
        .putLong(random.getMostSignificantBits())
        .putLong(random.getLeastSignificantBits())
        .array();
  }

  List<Claimed> claim(int limit) throws SQLException {
    List<Claimed> rows = new ArrayList<>();
    StringBuilder numbers = new StringBuilder("[");
    next.setInt(1, limit);
    try (ResultSet row = next.executeQuery()) {
      while (row.next()) {
        numbers.append(rows.isEmpty() ? "" : ",").append(row.getLong(1));
        row.getString(3); // read as a worker would
        row.getString(4);
        row.getInt(5);
        rows.add(new Claimed(row.getBytes(2), row.getLong(6) + 1));
      }
    }
    long now = System.currentTimeMillis() * 1_000;
    claim.setBytes(1, new byte[16]);
    claim.setLong(2, now);
    claim.setLong(3, now);
    claim.setString(4, numbers.append(']').toString());
    check(claim.executeUpdate(), rows.size());
    return rows;
  }

  void complete(List<Claimed> jobs) throws SQLException {
    long now = System.currentTimeMillis() * 1_000;
    int done = 0;
    for (; jobs.size() - done >= ROWS; done += ROWS) {
      complete(completeMany, jobs.subList(done, done + ROWS), now);
    }
    for (; done < jobs.size(); done++) {
      complete(completeOne, jobs.subList(done, done + 1), now);
    }
  }

  private static void complete(PreparedStatement statement, List<Claimed> jobs, long now)
      throws SQLException {
    statement.setLong(1, now);
    statement.setLong(2, now);
    int at = 3;
    for (Claimed job : jobs) {
      statement.setBytes(at++, job.id);
      statement.setLong(at++, job.token);
    }
    check(statement.executeUpdate(), jobs.size());
  }

  private static void check(int rows, int expected) {
    if (rows != expected) {
      throw new IllegalStateException("expected %d rows, changed %d".formatted(expected, rows));
    }
  }

  long count(String state) throws SQLException {
    try (ResultSet result =
        plain.executeQuery("select count(*) from jobs where state = '" + state + "'")) {
      result.next();
      return result.getLong(1);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
