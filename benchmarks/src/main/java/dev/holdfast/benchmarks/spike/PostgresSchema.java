package dev.holdfast.benchmarks.spike;

import dev.holdfast.benchmarks.spike.PostgresLoad.Batch;
import dev.holdfast.benchmarks.spike.PostgresVariant.Mark;
import dev.holdfast.testkit.postgres.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Measures layouts for the PostgreSQL store with raw loops: whole cycles by batch size and number
 * of connections, the low-water mark under a pinned xmin, and one table compared with a separate
 * history table, with millions of finished rows.
 *
 * <p>{@code java … PostgresSchema drain [rounds = 5] [seconds = 5]}<br>
 * {@code java … PostgresSchema pinned [seconds = 180] [batch = 100] [connections = 2]}<br>
 * {@code java … PostgresSchema history [rounds = 5] [seconds = 8] [finished rows = 5000000]}
 */
public final class PostgresSchema {

  private static final Map<String, String> SETTINGS =
      Map.of(
          "shared_buffers", "1GB",
          "log_checkpoints", "on",
          "log_autovacuum_min_duration", "0",
          "track_wal_io_timing", "on");

  private final PostgresServer postgres;

  private PostgresSchema(PostgresServer postgres) {
    this.postgres = postgres;
  }

  public static void main(String[] args) throws SQLException, IOException {
    String scenario = args.length > 0 ? args[0] : "drain";
    Map<String, String> settings = new LinkedHashMap<>(SETTINGS);
    for (String pair : System.getProperty("settings", "").split(";", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        settings.put(pair.substring(0, equals), pair.substring(equals + 1));
      }
    }
    try (PostgresServer postgres = PostgresServer.start(18, settings)) {
      PostgresSchema spike = new PostgresSchema(postgres);
      switch (scenario) {
        case "drain" -> spike.drain(number(args, 1, 5), number(args, 2, 5));
        case "pinned" ->
            spike.pinned(number(args, 1, 180), number(args, 2, 100), number(args, 3, 2));
        case "history" ->
            spike.history(number(args, 1, 5), number(args, 2, 8), number(args, 3, 5_000_000));
        default -> throw new IllegalArgumentException("unknown scenario " + scenario);
      }
      Files.readAllLines(postgres.log()).stream()
          .filter(line -> Boolean.getBoolean("log"))
          .forEach(System.out::println);
    }
  }

  private static int number(String[] args, int at, int otherwise) {
    return args.length > at ? Integer.parseInt(args[at]) : otherwise;
  }

  private void drain(int rounds, int seconds) throws SQLException {
    List<PostgresVariant> variants =
        List.of(
            PostgresVariant.oneTable("one table, no mark", "a").with(Mark.NONE),
            PostgresVariant.oneTable("one table, mark at last claimed", "b")
                .with(Mark.LAST_CLAIMED),
            PostgresVariant.oneTable("one table, mark at first seen", "c"),
            PostgresVariant.oneTable("history apart, mark at first seen", "d").withHistoryApart());
    variants = chosen(variants);
    create(variants);
    for (PostgresVariant variant : variants) {
      printPlans(variant);
    }
    for (int batch : new int[] {1_000, 100}) {
      for (int connections : new int[] {1, 2, 4}) {
        compare(variants, connections, batch, rounds, seconds);
      }
    }
    printCounters(variants);
  }

  /** Returns the variants whose schema letter is in {@code -Donly=}, or all. */
  private static List<PostgresVariant> chosen(List<PostgresVariant> variants) {
    String only = System.getProperty("only", "abcdef");
    return variants.stream().filter(variant -> only.contains(variant.schema())).toList();
  }

  private void pinned(int seconds, int batch, int connections) throws SQLException {
    List<PostgresVariant> variants =
        List.of(
            PostgresVariant.oneTable("mark at first seen", "a"),
            PostgresVariant.oneTable("mark at last claimed", "b").with(Mark.LAST_CLAIMED),
            PostgresVariant.oneTable("history apart, mark at first seen", "c").withHistoryApart(),
            PostgresVariant.oneTable("no mark", "d").with(Mark.NONE));
    System.out.printf(
        "%n## pinned xmin for %d s, %d connections, batches of %d%n", seconds, connections, batch);
    for (PostgresVariant variant : chosen(variants)) {
      create(List.of(variant));
      try (PostgresLoad load = new PostgresLoad(postgres, variant, connections, batch)) {
        load.run(5);
        try (Connection report = postgres.connect()) {
          pinSnapshot(report);
          printPinned(variant.name(), seconds, load.run(seconds));
        }
      }
    }
  }

  private static void pinSnapshot(Connection report) throws SQLException {
    report.setAutoCommit(false);
    report.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    try (Statement statement = report.createStatement()) {
      statement.execute("select count(*) from pg_class");
    }
  }

  private static void printPinned(String name, int seconds, List<Batch> batches) {
    int part = Math.max(1, Math.min(30, seconds / 3));
    StringBuilder line = new StringBuilder("%-34s".formatted(name));
    for (int from : new int[] {0, seconds - part}) {
      List<Batch> some =
          batches.stream()
              .filter(b -> b.atNanos() >= from * 1e9 && b.atNanos() < (from + part) * 1e9)
              .toList();
      List<Double> millis = some.stream().map(b -> b.claimNanos() / 1e6).toList();
      line.append(
          "  %s %,8.0f/s, claim p50 %.2f p99 %.2f max %.1f ms"
              .formatted(
                  from == 0 ? "first" : "last",
                  (double) PostgresLoad.jobs(some) / part,
                  Rates.percentile(millis, 50),
                  Rates.percentile(millis, 99),
                  Rates.percentile(millis, 100)));
    }
    System.out.println(line);
  }

  private void history(int rounds, int seconds, int finished) throws SQLException {
    List<PostgresVariant> variants =
        List.of(
            PostgresVariant.oneTable("one table, empty", "a"),
            PostgresVariant.oneTable("one table, full", "b"),
            PostgresVariant.oneTable("history apart, empty", "c").withHistoryApart(),
            PostgresVariant.oneTable("history apart, full", "d").withHistoryApart(),
            PostgresVariant.oneTable("one table, fillfactor 90, full", "e")
                .withTableOptions("fillfactor = 90"),
            PostgresVariant.oneTable("one table, fillfactor 70, full", "f")
                .withTableOptions("fillfactor = 70"));
    variants = chosen(variants);
    create(variants);
    for (PostgresVariant variant : variants) {
      if (variant.name().endsWith("full")) {
        load(variant, finished);
      }
    }
    for (int connections : new int[] {1, 1, 4}) {
      execute("vacuum (analyze)");
      execute("checkpoint");
      compare(variants, connections, 1_000, rounds, seconds);
      printCounters(variants);
    }
  }

  private void load(PostgresVariant variant, int finished) throws SQLException {
    long start = System.nanoTime();
    String table = variant.schema() + (variant.historyApart() ? ".jobs_history" : ".jobs");
    try (Connection connection = postgres.connect();
        var insert = connection.prepareStatement(PostgresStatements.LOAD.formatted(table))) {
      insert.setLong(1, 1);
      insert.setLong(2, finished);
      insert.executeUpdate();
    }
    System.out.printf(
        "loaded %,d rows into %s in %.0f s%n", finished, table, (System.nanoTime() - start) / 1e9);
  }

  private void compare(
      List<PostgresVariant> variants, int connections, int batch, int rounds, int seconds)
      throws SQLException {
    System.out.printf(
        "%n## whole cycle, %d connection(s), batches of %d (medians of %d × %d s)%n",
        connections, batch, rounds, seconds);
    Map<PostgresVariant, Rates> rates = new LinkedHashMap<>();
    Map<PostgresVariant, List<Long>> each = new LinkedHashMap<>();
    Map<PostgresVariant, PostgresLoad> loads = new LinkedHashMap<>();
    for (PostgresVariant variant : variants) {
      rates.put(variant, new Rates());
      each.put(variant, new ArrayList<>());
      loads.put(variant, new PostgresLoad(postgres, variant, connections, batch));
    }
    List<PostgresVariant> order = new ArrayList<>(variants);
    for (int round = -1; round < rounds; round++) {
      Collections.rotate(order, 1);
      for (PostgresVariant variant : order) {
        long[] walBefore = wal();
        long start = System.nanoTime();
        List<Batch> batches = loads.get(variant).run(round < 0 ? 2 : seconds);
        long nanos = System.nanoTime() - start;
        long[] walAfter = wal();
        if (round >= 0) {
          long jobs = PostgresLoad.jobs(batches);
          rates.get(variant).add("cycle", jobs, nanos);
          rates.get(variant).add("wal B/job", walAfter[0] - walBefore[0], jobs * 1_000_000_000L);
          rates
              .get(variant)
              .add("fpi/1000", (walAfter[1] - walBefore[1]) * 1_000, jobs * 1_000_000_000L);
          rates
              .get(variant)
              .add(
                  "claim us",
                  batches.stream().mapToLong(Batch::claimNanos).sum() / 1_000,
                  jobs * 1_000_000_000L);
          each.get(variant).add(Math.round(jobs * 1e9 / nanos / 1e3));
        }
      }
    }
    Rates base = rates.get(variants.get(0));
    rates.forEach(
        (variant, found) ->
            System.out.println(found.line(variant.name(), base) + "  k/s " + each.get(variant)));
    for (PostgresLoad load : loads.values()) {
      load.close();
    }
  }

  private long[] wal() throws SQLException {
    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "select (pg_current_wal_insert_lsn() - '0/0')::bigint, wal_fpi from pg_stat_wal")) {
      row.next();
      return new long[] {row.getLong(1), row.getLong(2)};
    }
  }

  private void create(List<PostgresVariant> variants) throws SQLException {
    for (PostgresVariant variant : variants) {
      try (Connection connection = postgres.connect()) {
        PostgresQueue.create(connection, variant);
      }
    }
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private void printPlans(PostgresVariant variant) throws SQLException {
    try (PostgresQueue queue = new PostgresQueue(postgres.connect(), variant)) {
      System.out.println("plans of " + variant.name());
      queue.plans().forEach(line -> System.out.println("    " + line));
    }
  }

  private void printCounters(List<PostgresVariant> variants) throws SQLException {
    String schemas =
        variants.stream().map(v -> "'" + v.schema() + "'").collect(Collectors.joining(", "));
    System.out.println(
        "\n"
            + "table: updates, of them HOT, live, dead, autovacuums; heap and index MB; heap and"
            + " index blocks read");
    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                select schemaname || '.' || relname, n_tup_upd, n_tup_hot_upd, n_live_tup, n_dead_tup,
                       autovacuum_count, pg_table_size(t.relid) >> 20, pg_indexes_size(t.relid) >> 20,
                       heap_blks_read, idx_blks_read
                  from pg_stat_user_tables t join pg_statio_user_tables io using (relid, schemaname, relname)
                 where schemaname in (%s)
                 order by 1
                """
                    .formatted(schemas))) {
      while (row.next()) {
        System.out.printf(
            "%-18s %,12d %,10d %,12d %,10d %4d   %,6d %,6d   %,9d %,9d%n",
            row.getString(1),
            row.getLong(2),
            row.getLong(3),
            row.getLong(4),
            row.getLong(5),
            row.getLong(6),
            row.getLong(7),
            row.getLong(8),
            row.getLong(9),
            row.getLong(10));
      }
    }
  }
}
