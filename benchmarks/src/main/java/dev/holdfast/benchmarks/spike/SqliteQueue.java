package dev.holdfast.benchmarks.spike;

import static dev.holdfast.benchmarks.spike.SqliteStatements.*;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.sqlite.SQLiteConfig;

/** Insert, claim and complete over one SQLite file in the layout of one {@link SqliteVariant}. */
final class SqliteQueue implements AutoCloseable {

  /** A claimed job. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Claimed(
      byte[] id,
      String type,
      String payload,
      int attempt,
      int maxAttempts,
      long token,
      long rowid) {}

  private static final int ROWS_PER_STATEMENT = 50;
  private static final String TYPES = "[\"mail\", \"report\"]";
  private static final byte[] NODE = NewRow.bytes(new UUID(0x0123456789abcdefL, -2));

  private final SqliteVariant variant;
  private final Connection connection;
  private final Statement plain;
  private final PreparedStatement nextRowid;
  private final PreparedStatement insertOne;
  private final PreparedStatement insertMany;
  private final PreparedStatement insertPayload;
  private final PreparedStatement insertPayloads;
  private final PreparedStatement claim;
  private final PreparedStatement claimList;
  private final PreparedStatement claimOne;
  private final PreparedStatement completeOne;
  private final PreparedStatement completeList;
  private final PreparedStatement completeMany;
  private final PreparedStatement completeFrom;

  SqliteQueue(Path file, SqliteVariant variant) throws SQLException {
    this.variant = variant;
    this.connection = open(file);
    this.plain = connection.createStatement();
    plain.execute(sql(TABLE));
    if (variant.payloadsTable()) {
      plain.execute(PAYLOADS);
    }
    for (String index : INDEXES) {
      plain.execute(sql(index));
    }
    if (variant.runningIndex()) {
      plain.execute(sql(RUNNING_INDEX));
    }
    nextRowid = prepare(NEXT_ROWID);
    insertOne = prepare(INSERT.formatted(INSERT_ROW));
    insertMany = prepare(INSERT.formatted(repeat(INSERT_ROW)));
    insertPayload =
        variant.payloadsTable() ? prepare(INSERT_PAYLOAD.formatted(INSERT_PAYLOAD_ROW)) : null;
    insertPayloads =
        variant.payloadsTable()
            ? prepare(INSERT_PAYLOAD.formatted(repeat(INSERT_PAYLOAD_ROW)))
            : null;
    claim = prepare(claimText());
    claimList = prepare(CLAIM_LIST);
    claimOne = prepare(CLAIM_ONE);
    completeOne = prepare(COMPLETE_ONE);
    completeList = prepare(COMPLETE_LIST);
    completeFrom = prepare(COMPLETE_FROM);
    completeMany = prepare(COMPLETE_VALUES.formatted(repeat("(?, ?)")));
  }

  private static Connection open(Path file) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setPageSize(4096);
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.setCacheSize(-20_000);
    config.setTempStore(SQLiteConfig.TempStore.MEMORY);
    config.setPragma(SQLiteConfig.Pragma.MMAP_SIZE, Integer.toString(128 << 20));
    Connection connection =
        DriverManager.getConnection("jdbc:sqlite:" + file, config.toProperties());
    try (Statement statement = connection.createStatement()) {
      statement.execute("pragma wal_autocheckpoint = 1000");
    }
    return connection;
  }

  private static String repeat(String row) {
    return String.join(", ", Collections.nCopies(ROWS_PER_STATEMENT, row));
  }

  private String claimText() {
    boolean apart = variant.payloadsTable();
    return variant.claim() == SqliteVariant.Claim.RETURNING
        ? (apart ? CLAIM_RETURNING_WITH_PAYLOADS : CLAIM_RETURNING)
        : (apart ? CLAIM_SELECT_WITH_PAYLOADS : CLAIM_SELECT);
  }

  private PreparedStatement prepare(String text) throws SQLException {
    return connection.prepareStatement(sql(text));
  }

  private String sql(String text) {
    return variant.stateAsNumber() ? withNumbers(text) : text;
  }

  void begin() throws SQLException {
    plain.execute("begin immediate");
  }

  void commit() throws SQLException {
    plain.execute("commit");
  }

  void insert(List<NewRow> rows) throws SQLException {
    long rowid = nextRowid();
    switch (variant.insert()) {
      case SINGLE -> insertSingly(rows, rowid);
      case BATCH -> insertBatch(rows, rowid);
      case VALUES_50 -> insertValues(rows, rowid);
    }
    insertPayloads(rows, rowid);
  }

  private long nextRowid() throws SQLException {
    try (ResultSet row = nextRowid.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }

  private void insertSingly(List<NewRow> rows, long firstRowid) throws SQLException {
    long rowid = firstRowid;
    for (NewRow row : rows) {
      bind(insertOne, 1, rowid++, row);
      check(insertOne.executeUpdate(), 1);
    }
  }

  private void insertBatch(List<NewRow> rows, long firstRowid) throws SQLException {
    long rowid = firstRowid;
    for (NewRow row : rows) {
      bind(insertOne, 1, rowid++, row);
      insertOne.addBatch();
    }
    checkAll(insertOne.executeBatch());
  }

  private void insertValues(List<NewRow> rows, long firstRowid) throws SQLException {
    long rowid = firstRowid;
    for (int from = 0; from < rows.size(); from += ROWS_PER_STATEMENT) {
      int at = 1;
      for (NewRow row : rows.subList(from, from + ROWS_PER_STATEMENT)) {
        at = bind(insertMany, at, rowid++, row);
      }
      check(insertMany.executeUpdate(), ROWS_PER_STATEMENT);
    }
  }

  private int bind(PreparedStatement statement, int first, long rowid, NewRow row)
      throws SQLException {
    int at = first;
    statement.setLong(at++, rowid);
    statement.setBytes(at++, row.idBytes());
    statement.setString(at++, "default");
    statement.setString(at++, "mail");
    statement.setLong(at++, 0);
    statement.setInt(at++, 0);
    statement.setLong(at++, row.createdAtMicros());
    statement.setInt(at++, 4);
    statement.setLong(at++, 60_000_000);
    for (int nullable = 0; nullable < 6; nullable++) {
      statement.setString(at++, null);
    }
    statement.setString(at++, inline(row) ? row.payload() : null);
    statement.setLong(at++, row.createdAtMicros());
    statement.setLong(at++, row.createdAtMicros());
    return at;
  }

  private boolean inline(NewRow row) {
    return row.payload().length() <= variant.payloadInlineMax();
  }

  private void insertPayloads(List<NewRow> rows, long firstRowid) throws SQLException {
    List<Integer> apart = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      if (!inline(rows.get(i))) {
        apart.add(i);
      }
    }
    int done = 0;
    for (; apart.size() - done >= ROWS_PER_STATEMENT; done += ROWS_PER_STATEMENT) {
      int at = 1;
      for (int i : apart.subList(done, done + ROWS_PER_STATEMENT)) {
        insertPayloads.setLong(at++, firstRowid + i);
        insertPayloads.setString(at++, rows.get(i).payload());
      }
      check(insertPayloads.executeUpdate(), ROWS_PER_STATEMENT);
    }
    for (int i : apart.subList(done, apart.size())) {
      insertPayload.setLong(1, firstRowid + i);
      insertPayload.setString(2, rows.get(i).payload());
      check(insertPayload.executeUpdate(), 1);
    }
  }

  List<Claimed> claim(int limit, long nowMicros) throws SQLException {
    int at = 1;
    if (variant.claim() == SqliteVariant.Claim.RETURNING) {
      at = bindStart(claim, nowMicros);
    }
    claim.setString(at++, "default");
    claim.setString(at++, TYPES);
    claim.setInt(at, limit);
    List<Claimed> rows = read(claim);
    switch (variant.claim()) {
      case RETURNING -> {}
      case SELECT_THEN_LIST -> markList(rows, nowMicros);
      case SELECT_THEN_BATCH -> markBatch(rows, nowMicros);
    }
    return rows;
  }

  private List<Claimed> read(PreparedStatement statement) throws SQLException {
    List<Claimed> rows = new ArrayList<>();
    boolean withRowid = variant.claim() != SqliteVariant.Claim.RETURNING;
    try (ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        row.getLong(7); // timeout and crashes: read, as a worker would, but not kept
        row.getInt(8);
        rows.add(
            new Claimed(
                row.getBytes(1),
                row.getString(2),
                row.getString(3),
                row.getInt(4),
                row.getInt(5),
                row.getLong(6),
                withRowid ? row.getLong(9) : 0));
      }
    }
    return rows;
  }

  private void markList(List<Claimed> rows, long nowMicros) throws SQLException {
    StringBuilder list = new StringBuilder("[");
    for (Claimed row : rows) {
      list.append(list.length() == 1 ? "" : ",").append(row.rowid());
    }
    int at = bindStart(claimList, nowMicros);
    claimList.setString(at, list.append(']').toString());
    check(claimList.executeUpdate(), rows.size());
  }

  private void markBatch(List<Claimed> rows, long nowMicros) throws SQLException {
    for (Claimed row : rows) {
      int at = bindStart(claimOne, nowMicros);
      claimOne.setLong(at, row.rowid());
      claimOne.addBatch();
    }
    checkAll(claimOne.executeBatch());
  }

  private static int bindStart(PreparedStatement statement, long nowMicros) throws SQLException {
    statement.setBytes(1, NODE);
    statement.setLong(2, nowMicros);
    statement.setLong(3, nowMicros);
    return 4;
  }

  void complete(List<Claimed> rows, long nowMicros) throws SQLException {
    switch (variant.complete()) {
      case SINGLE -> completeSingly(rows, nowMicros);
      case BATCH -> completeBatch(rows, nowMicros);
      case LIST -> completeList(completeList, rows, nowMicros);
      case UPDATE_FROM -> completeList(completeFrom, rows, nowMicros);
      case VALUES_50 -> completeValues(rows, nowMicros);
    }
  }

  private void completeSingly(List<Claimed> rows, long nowMicros) throws SQLException {
    for (Claimed row : rows) {
      bindEnd(completeOne, row, nowMicros);
      check(completeOne.executeUpdate(), 1);
    }
  }

  private void completeBatch(List<Claimed> rows, long nowMicros) throws SQLException {
    for (Claimed row : rows) {
      bindEnd(completeOne, row, nowMicros);
      completeOne.addBatch();
    }
    checkAll(completeOne.executeBatch());
  }

  private static void bindEnd(PreparedStatement statement, Claimed row, long nowMicros)
      throws SQLException {
    statement.setLong(1, nowMicros);
    statement.setLong(2, nowMicros);
    statement.setLong(3, nowMicros);
    statement.setBytes(4, row.id());
    statement.setLong(5, row.token());
  }

  private static void completeList(
      PreparedStatement completeList, List<Claimed> rows, long nowMicros) throws SQLException {
    StringBuilder list = new StringBuilder("[");
    for (Claimed row : rows) {
      list.append(list.length() == 1 ? "[\"" : ",[\"")
          .append(HexFormat.of().formatHex(row.id()))
          .append("\",")
          .append(row.token())
          .append(']');
    }
    completeList.setString(1, list.append(']').toString());
    completeList.setLong(2, nowMicros);
    completeList.setLong(3, nowMicros);
    completeList.setLong(4, nowMicros);
    check(completeList.executeUpdate(), rows.size());
  }

  private void completeValues(List<Claimed> rows, long nowMicros) throws SQLException {
    for (int from = 0; from < rows.size(); from += ROWS_PER_STATEMENT) {
      completeMany.setLong(1, nowMicros);
      completeMany.setLong(2, nowMicros);
      completeMany.setLong(3, nowMicros);
      int at = 4;
      for (Claimed row : rows.subList(from, from + ROWS_PER_STATEMENT)) {
        completeMany.setBytes(at++, row.id());
        completeMany.setLong(at++, row.token());
      }
      check(completeMany.executeUpdate(), ROWS_PER_STATEMENT);
    }
  }

  private static void checkAll(int[] counts) {
    for (int count : counts) {
      check(count, 1);
    }
  }

  private static void check(int rows, int expected) {
    if (rows != expected) {
      throw new IllegalStateException("expected %d rows, changed %d".formatted(expected, rows));
    }
  }

  /** Returns the query plans of claim and completions, to check that they contain no scan. */
  List<String> plans() throws SQLException {
    List<String> plans = new ArrayList<>();
    for (String text :
        List.of(
            claimText(),
            CLAIM_LIST,
            COMPLETE_ONE,
            COMPLETE_LIST,
            COMPLETE_FROM,
            COMPLETE_VALUES.formatted("(?, ?)"))) {
      try (PreparedStatement explain = prepare("explain query plan " + text);
          ResultSet row = explain.executeQuery()) {
        while (row.next()) {
          plans.add(row.getString("detail"));
        }
        plans.add("--");
      }
    }
    return plans;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
