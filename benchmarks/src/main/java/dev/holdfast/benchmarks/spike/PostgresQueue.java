package dev.holdfast.benchmarks.spike;

import static dev.holdfast.benchmarks.spike.PostgresStatements.*;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/** Insert, claim and complete over one connection, in the layout of one {@link PostgresVariant}. */
final class PostgresQueue implements AutoCloseable {

  /** A claimed job, with its position in the index. */
  record Claimed(UUID id, String payload, int attempt, long token, Position position) {}

  /** A position in the order of the claim; compares ids as PostgreSQL does, byte by byte. */
  record Position(long rank, long runAt, UUID id) implements Comparable<Position> {

    static final Position HEAD = new Position(Long.MIN_VALUE, 0, new UUID(0, 0));

    private static final Comparator<Position> ORDER =
        Comparator.comparingLong(Position::rank)
            .thenComparingLong(Position::runAt)
            .thenComparing(p -> p.id().getMostSignificantBits(), Long::compareUnsigned)
            .thenComparing(p -> p.id().getLeastSignificantBits(), Long::compareUnsigned);

    Position before(long micros) {
      return equals(HEAD) ? HEAD : new Position(rank, runAt - micros, new UUID(0, 0));
    }

    @Override
    public int compareTo(Position other) {
      return ORDER.compare(this, other);
    }
  }

  private static final UUID NODE = UUID.fromString("01234567-89ab-7def-8000-000000000001");

  /**
   * The distance by which a claim starts before the mark every 10 s, as a late commit may have put
   * a row there.
   */
  private static final long LOOK_BACK_MICROS = 15_000_000;

  private static final long LOOK_BACK_EVERY_NANOS = 10_000_000_000L;

  /** Limits claims from the head, which dead index entries make slow, to 1 % of the time. */
  private static final long RESCAN_REST_FACTOR = 100;

  private final PostgresVariant variant;
  private final Connection connection;
  private final PreparedStatement insert;
  private final PreparedStatement claim;
  private final PreparedStatement complete;
  private Position mark = Position.HEAD;
  private long lookBackAt = System.nanoTime() + LOOK_BACK_EVERY_NANOS;
  private long rescanAt = lookBackAt;

  PostgresQueue(Connection connection, PostgresVariant variant) throws SQLException {
    this.variant = variant;
    this.connection = connection;
    try (Statement statement = connection.createStatement()) {
      for (String setting : SESSION) {
        statement.execute(setting);
      }
      statement.execute("set search_path = " + variant.schema());
    }
    insert = connection.prepareStatement(INSERT);
    claim = connection.prepareStatement(claimText(variant));
    complete = connection.prepareStatement(completeText(variant));
  }

  private static String claimText(PostgresVariant variant) {
    return switch (variant.mark()) {
      case NONE -> CLAIM;
      case LAST_CLAIMED -> CLAIM_FROM_MARK;
      case FIRST_SEEN -> CLAIM_AND_LOOK;
    };
  }

  private static String completeText(PostgresVariant variant) {
    return variant.historyApart() ? COMPLETE_INTO_HISTORY : COMPLETE;
  }

  /** Creates the variant's schema with its empty tables. */
  static void create(Connection connection, PostgresVariant variant) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("drop schema if exists " + variant.schema() + " cascade");
      statement.execute("create schema " + variant.schema());
      statement.execute("set search_path = " + variant.schema());
      statement.execute(
          variant.tableOptions().isEmpty()
              ? JOBS
              : JOBS + " with (" + variant.tableOptions() + ")");
      if (variant.historyApart()) {
        for (String text : HISTORY) {
          statement.execute(text);
        }
      }
      for (String index : INDEXES) {
        statement.execute(index);
      }
    }
  }

  void insert(List<NewRow> rows) throws SQLException {
    insert.setArray(1, array("uuid", rows, NewRow::id));
    insert.setArray(2, array("text", rows, row -> "default"));
    insert.setArray(3, array("text", rows, row -> "mail"));
    insert.setArray(4, array("int8", rows, row -> 0L));
    insert.setArray(5, array("int4", rows, row -> 0));
    insert.setArray(6, array("int8", rows, NewRow::createdAtMicros));
    insert.setArray(7, array("int4", rows, row -> 4));
    insert.setArray(8, array("int8", rows, row -> 60_000_000L));
    insert.setArray(9, array("text", rows, NewRow::payload));
    insert.setArray(10, array("int8", rows, NewRow::createdAtMicros));
    check(insert.executeUpdate(), rows.size());
  }

  private <T> Array array(String type, List<T> rows, Function<T, Object> column)
      throws SQLException {
    return connection.createArrayOf(type, rows.stream().map(column).toArray());
  }

  List<Claimed> claim(int limit, long nowMicros) throws SQLException {
    long start = System.nanoTime();
    boolean rescan = start > rescanAt;
    if (rescan) {
      mark = Position.HEAD;
    } else if (start > lookBackAt) {
      mark = mark.before(LOOK_BACK_MICROS);
      lookBackAt = start + LOOK_BACK_EVERY_NANOS;
    }
    List<Claimed> rows = claimFromMark(limit, nowMicros);
    if (rescan) {
      long took = System.nanoTime() - start;
      rescanAt = start + Math.max(LOOK_BACK_EVERY_NANOS, RESCAN_REST_FACTOR * took);
    }
    return rows;
  }

  private List<Claimed> claimFromMark(int limit, long nowMicros) throws SQLException {
    bindClaim(limit, nowMicros);
    List<Claimed> rows = new ArrayList<>();
    try (ResultSet row = claim.executeQuery()) {
      while (row.next()) {
        if (variant.mark() == PostgresVariant.Mark.FIRST_SEEN) {
          mark = position(row, 11);
        }
        if (row.getObject(1) != null) {
          rows.add(claimed(row));
        }
      }
    }
    rows.sort(Comparator.comparing(Claimed::position));
    if (variant.mark() == PostgresVariant.Mark.LAST_CLAIMED && !rows.isEmpty()) {
      mark = rows.get(rows.size() - 1).position();
    }
    return rows;
  }

  private void bindClaim(int limit, long nowMicros) throws SQLException {
    int at = 1;
    if (variant.mark() == PostgresVariant.Mark.FIRST_SEEN) {
      claim.setString(at++, "default");
      claim.setArray(at++, types());
      at = bindMark(at);
    }
    claim.setObject(at++, NODE);
    claim.setLong(at++, nowMicros);
    claim.setLong(at++, nowMicros);
    claim.setString(at++, "default");
    claim.setArray(at++, types());
    if (variant.mark() == PostgresVariant.Mark.LAST_CLAIMED) {
      at = bindMark(at);
    }
    claim.setInt(at, limit);
  }

  private Array types() throws SQLException {
    return connection.createArrayOf("text", new String[] {"mail", "report"});
  }

  private int bindMark(int first) throws SQLException {
    claim.setLong(first, mark.rank());
    claim.setLong(first + 1, mark.runAt());
    claim.setObject(first + 2, mark.id());
    return first + 3;
  }

  private static Claimed claimed(ResultSet row) throws SQLException {
    row.getInt(5); // attempt limit, timeout, crashes: read, as a worker would, but not kept
    row.getLong(7);
    row.getInt(8);
    UUID id = row.getObject(1, UUID.class);
    Position position = new Position(row.getLong(9), row.getLong(10), id);
    return new Claimed(id, row.getString(3), row.getInt(4), row.getLong(6), position);
  }

  private static Position position(ResultSet row, int first) throws SQLException {
    return new Position(
        row.getLong(first), row.getLong(first + 1), row.getObject(first + 2, UUID.class));
  }

  void complete(List<Claimed> rows, long nowMicros) throws SQLException {
    int at = 1;
    if (variant.historyApart()) {
      at = bindDone(at, rows);
    }
    complete.setLong(at++, nowMicros);
    complete.setLong(at++, nowMicros);
    complete.setLong(at++, nowMicros);
    if (!variant.historyApart()) {
      bindDone(at, rows);
    }
    check(complete.executeUpdate(), rows.size());
  }

  private int bindDone(int first, List<Claimed> rows) throws SQLException {
    complete.setArray(first, array("uuid", rows, Claimed::id));
    complete.setArray(first + 1, array("int8", rows, Claimed::token));
    complete.setArray(first + 2, array("uuid", rows, Claimed::id));
    return first + 3;
  }

  private static void check(int rows, int expected) {
    if (rows != expected) {
      throw new IllegalStateException("expected %d rows, changed %d".formatted(expected, rows));
    }
  }

  /** Returns the generic plans of claim and completion. */
  List<String> plans() throws SQLException {
    List<String> lines = new ArrayList<>();
    for (String text : Arrays.asList(claimText(variant), completeText(variant))) {
      int number = 0;
      StringBuilder numbered = new StringBuilder();
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        numbered.append(c == '?' ? "$" + ++number : c);
      }
      String nulls = String.join(", ", Collections.nCopies(number, "null"));
      try (Statement statement = connection.createStatement()) {
        statement.execute("prepare one as " + numbered);
        try (ResultSet row = statement.executeQuery("explain execute one (" + nulls + ")")) {
          while (row.next()) {
            lines.add(row.getString(1));
          }
        }
        statement.execute("deallocate one");
      }
    }
    return lines;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
