package dev.holdfast.benchmarks.postgres;

import dev.holdfast.Holdfast;
import dev.holdfast.benchmarks.load.Counted;
import dev.holdfast.benchmarks.load.Databases;
import dev.holdfast.benchmarks.postgres.LowWaterMark.Place;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/**
 * The upper bound: the table, indexes and rows that Holdfast itself writes, driven by a bare loop
 * over one connection, with its own low-water mark. Not thread-safe.
 */
final class RawPostgres implements AutoCloseable {
  static final String PAYLOAD = "{\"text\":\"" + "x".repeat(180) + "\"}";

  private static final UUID NODE = UUID.fromString("01234567-89ab-7def-8000-000000000001");
  private static final AtomicLong IDS = new AtomicLong(System.currentTimeMillis() << 12);

  /** A claimed row. */
  record Claimed(UUID id, long token) {}

  private final Connection connection;
  private final PreparedStatement insert;
  private final PreparedStatement claim;
  private final PreparedStatement complete;
  private final LowWaterMark mark = new LowWaterMark();

  /** Connects to a database with the schema of {@link #makeSchema}. */
  RawPostgres(String address) throws SQLException {
    connection = DriverManager.getConnection(address);
    try (Statement plain = connection.createStatement()) {
      for (String setting : RawStatements.SESSION) {
        plain.execute(setting);
      }
    }
    insert = connection.prepareStatement(RawStatements.INSERT);
    claim = connection.prepareStatement(RawStatements.CLAIM);
    complete = connection.prepareStatement(RawStatements.COMPLETE);
  }

  /** Lets Holdfast create its tables. */
  static void makeSchema(String address) {
    Holdfast.open(address).close();
  }

  void begin() throws SQLException {
    connection.setAutoCommit(false);
  }

  void commit() throws SQLException {
    connection.commit();
    connection.setAutoCommit(true);
  }

  /** Inserts arrays, in one statement. */
  void insert(int rows) throws SQLException {
    long now = now();
    UUID[] ids = new UUID[rows];
    String[] payloads = new String[rows];
    Long[] times = new Long[rows];
    for (int i = 0; i < rows; i++) {
      ids[i] = newId();
      payloads[i] = PAYLOAD;
      times[i] = now;
    }
    insert.setArray(1, array("uuid", ids));
    insert.setArray(2, array("text", payloads));
    insert.setArray(3, array("int8", times));
    Counted.check(rows, insert.executeUpdate());
  }

  /** Inserts with COPY. */
  void copy(int rows) throws SQLException {
    StringBuilder lines = new StringBuilder();
    long now = now();
    for (int i = 0; i < rows; i++) {
      lines
          .append(newId())
          .append("\tdefault\tnoop\tPENDING\t0\t0\t")
          .append(now)
          .append("\t4\t")
          .append(PAYLOAD)
          .append('\t')
          .append(now)
          .append('\t')
          .append(now)
          .append('\t')
          .append(RawStatements.LANE)
          .append('\n');
    }
    CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();
    byte[] bytes = lines.toString().getBytes(StandardCharsets.UTF_8);
    var in = copy.copyIn(RawStatements.COPY);
    in.writeToCopy(bytes, 0, bytes.length);
    Counted.check(rows, in.endCopy());
  }

  /** Claims from the mark on, and moves the mark. */
  List<Claimed> claim(int limit) throws SQLException {
    bindClaim(mark.begin(), limit);
    Optional<Place> first = Optional.empty();
    List<Claimed> claimed = new ArrayList<>();
    try (ResultSet row = claim.executeQuery()) {
      while (row.next()) {
        first =
            Optional.of(new Place(row.getLong(1), row.getLong(2), row.getObject(3, UUID.class)));
        UUID id = row.getObject(4, UUID.class);
        if (id != null) {
          claimed.add(new Claimed(id, row.getLong(5)));
          readAsAWorkerWould(row);
        }
      }
    }
    mark.end(first);
    return claimed;
  }

  private static void readAsAWorkerWould(ResultSet row) throws SQLException {
    row.getString(6);
    row.getString(7);
    for (int column = 8; column <= 12; column++) {
      row.getLong(column);
    }
  }

  private void bindClaim(Place from, int limit) throws SQLException {
    long now = now();
    claim.setLong(1, from.rank());
    claim.setLong(2, from.runAt());
    claim.setObject(3, from.id());
    claim.setObject(4, NODE);
    claim.setLong(5, now);
    claim.setLong(6, now);
    claim.setInt(7, limit);
  }

  void complete(List<Claimed> jobs) throws SQLException {
    if (jobs.isEmpty()) {
      return;
    }
    long now = now();
    Array ids = array("uuid", jobs.stream().map(Claimed::id).toArray());
    complete.setLong(1, now);
    complete.setLong(2, now);
    complete.setArray(3, ids);
    complete.setArray(4, array("int8", jobs.stream().map(Claimed::token).toArray()));
    complete.setArray(5, array("int8", jobs.stream().map(job -> now).toArray()));
    complete.setArray(6, ids);
    Counted.check(jobs.size(), complete.executeUpdate());
  }

  /** Completes these and claims as many as {@code limit} in one transaction, as Holdfast does. */
  List<Claimed> exchange(List<Claimed> ended, int limit) throws SQLException {
    begin();
    complete(ended);
    List<Claimed> claimed = claim(limit);
    commit();
    return claimed;
  }

  void execute(String statement) throws SQLException {
    try (Statement plain = connection.createStatement()) {
      plain.execute(statement);
    }
  }

  /** Waits for a notification on a channel that this connection listens to. */
  void awaitNotification() throws SQLException {
    connection.unwrap(PGConnection.class).getNotifications(0);
  }

  static long count(String address, String state) throws SQLException {
    return Databases.count(
        address, "select count(*) from holdfast.jobs where state = '" + state + "'");
  }

  private Array array(String type, Object[] values) throws SQLException {
    return connection.createArrayOf(type, values);
  }

  private static UUID newId() {
    long stamp = IDS.incrementAndGet();
    long high = ((stamp >>> 12) << 16) | 0x7000L | (stamp & 0xfff);
    return new UUID(high, 0x8000_0000_0000_0000L | ((stamp * 0x9E3779B97F4A7C15L) >>> 2));
  }

  private static long now() {
    return System.currentTimeMillis() * 1_000;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
