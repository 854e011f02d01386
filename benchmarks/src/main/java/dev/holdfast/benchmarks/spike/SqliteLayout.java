package dev.holdfast.benchmarks.spike;

import dev.holdfast.benchmarks.spike.SqliteQueue.Claimed;
import dev.holdfast.benchmarks.spike.SqliteVariant.Claim;
import dev.holdfast.benchmarks.spike.SqliteVariant.Complete;
import dev.holdfast.benchmarks.spike.SqliteVariant.Insert;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures layouts and statements for the SQLite store with raw loops: payload inline or separate,
 * the claim, the insert, the completion, the index on running jobs, and the type of the state
 * column.
 *
 * <p>Each variant differs from the base in one thing and has its own file. Every round runs all of
 * them in turn; the output is the medians over the rounds with their ratio to the base.
 *
 * <p>{@code java … SqliteLayout [rounds = 25] [batches per round = 10] [part of a title]}
 */
public final class SqliteLayout {

  private static final int WARM_UP_ROUNDS = 4;

  private final int rounds;
  private final String only;
  private final Path folder;

  private SqliteLayout(int rounds, String only, Path folder) {
    this.rounds = rounds;
    this.only = only;
    this.folder = folder;
  }

  public static void main(String[] args) throws SQLException, IOException {
    int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 25;
    int batches = args.length > 1 ? Integer.parseInt(args[1]) : 10;
    String only = args.length > 2 ? args[2] : "";
    SqliteLayout spike =
        new SqliteLayout(rounds, only, Files.createTempDirectory("holdfast-layout"));
    SqliteVariant base = SqliteVariant.base();
    spike.compare("200 B payloads, batches of 1000", 200, 1000, batches, variants());
    spike.compareCycles("whole cycle, 200 B, batches of 1000", 1000, batches, cycles());
    spike.compareCycles("whole cycle, 200 B, batches of 100", 100, batches * 4, cycles());
    for (int payloadBytes : new int[] {1_000, 4_000, 100_000}) {
      List<SqliteVariant> layouts =
          List.of(
              base.named("inline"),
              base.withPayloadInlineUpTo(0).named("apart"),
              base.with(Claim.SELECT_THEN_LIST).named("inline, select + list"),
              base.with(Claim.SELECT_THEN_LIST)
                  .withPayloadInlineUpTo(0)
                  .named("apart, select + list"));
      int batch = payloadBytes > 10_000 ? 100 : 1000;
      int perRound = payloadBytes > 10_000 ? 2 : 4;
      spike.compare(
          payloadBytes + " B payloads, batches of " + batch,
          payloadBytes,
          batch,
          perRound,
          layouts);
    }
    try (var files = Files.walk(spike.folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    }
  }

  private static List<SqliteVariant> variants() {
    SqliteVariant base = SqliteVariant.base();
    return List.of(
        base,
        base.withPayloadInlineUpTo(0).named("a payload apart"),
        base.withPayloadInlineUpTo(0)
            .with(Claim.SELECT_THEN_LIST)
            .named("a payload apart, select + list"),
        base.withPayloadInlineUpTo(1_000).named("a payload > 1000 apart"),
        base.with(Claim.SELECT_THEN_LIST).named("b claim select + list"),
        base.with(Claim.SELECT_THEN_BATCH).named("b claim select + batch"),
        base.with(Insert.SINGLE).named("c insert one by one"),
        base.with(Insert.BATCH).named("c insert batch"),
        base.with(Complete.SINGLE).named("d complete one by one"),
        base.with(Complete.BATCH).named("d complete batch"),
        base.with(Complete.VALUES_50).named("d complete values × 50"),
        base.with(Complete.UPDATE_FROM).named("d complete update … from"),
        base.withoutRunningIndex().named("e no running index"),
        base.withStateAsNumber().named("f state as number"));
  }

  private static List<SqliteVariant> cycles() {
    SqliteVariant base = SqliteVariant.base();
    return List.of(
        base,
        base.with(Claim.SELECT_THEN_LIST).named("select + list"),
        base.with(Complete.BATCH).named("complete batch"),
        base.with(Claim.SELECT_THEN_LIST)
            .with(Complete.BATCH)
            .named("select + list, complete batch"),
        base.with(Claim.SELECT_THEN_BATCH).with(Complete.BATCH).named("both batch"),
        base.with(Claim.SELECT_THEN_LIST)
            .with(Complete.VALUES_50)
            .named("select + list, values × 50"),
        base.with(Claim.SELECT_THEN_LIST)
            .with(Complete.UPDATE_FROM)
            .named("select + list, update from"),
        base.withPayloadInlineUpTo(0).named("payload apart"),
        base.withPayloadInlineUpTo(0)
            .with(Claim.SELECT_THEN_LIST)
            .with(Complete.VALUES_50)
            .named("payload apart, list, values × 50"));
  }

  private interface Round {
    void run(SqliteQueue queue, Rates rates) throws SQLException;
  }

  private void compare(
      String title, int payloadBytes, int batch, int perRound, List<SqliteVariant> variants)
      throws SQLException, IOException {
    List<List<NewRow>> rows = new ArrayList<>();
    measure(
        title,
        variants,
        (queue, rates) -> {
          rows.clear();
          for (int i = 0; i < perRound; i++) {
            rows.add(NewRow.make(batch, payloadBytes));
          }
          steps(queue, rates, rows, batch);
        });
  }

  private static void steps(SqliteQueue queue, Rates rates, List<List<NewRow>> rows, int batch)
      throws SQLException {
    long start = System.nanoTime();
    for (List<NewRow> some : rows) {
      queue.begin();
      queue.insert(some);
      queue.commit();
    }
    long inserted = System.nanoTime();
    List<List<Claimed>> leases = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      queue.begin();
      leases.add(queue.claim(batch, now()));
      queue.commit();
    }
    long claimed = System.nanoTime();
    for (List<Claimed> some : leases) {
      queue.begin();
      queue.complete(some, now());
      queue.commit();
    }
    long completed = System.nanoTime();
    long count = (long) rows.size() * batch;
    rates.add("insert", count, inserted - start);
    rates.add("claim", count, claimed - inserted);
    rates.add("complete", count, completed - claimed);
    rates.add("cycle", count, completed - start);
  }

  private void compareCycles(String title, int batch, int perRound, List<SqliteVariant> variants)
      throws SQLException, IOException {
    measure(
        title,
        variants,
        (queue, rates) -> {
          List<List<NewRow>> rows = new ArrayList<>();
          for (int i = 0; i < 2 * perRound; i++) {
            rows.add(NewRow.make(batch, 200));
          }
          threeTransactions(queue, rates, rows.subList(0, perRound), batch);
          oneTransaction(queue, rates, rows.subList(perRound, 2 * perRound), batch);
        });
  }

  private static void threeTransactions(
      SqliteQueue queue, Rates rates, List<List<NewRow>> rows, int batch) throws SQLException {
    long start = System.nanoTime();
    for (List<NewRow> some : rows) {
      queue.begin();
      queue.insert(some);
      queue.commit();
      queue.begin();
      List<Claimed> leases = queue.claim(batch, now());
      queue.commit();
      queue.begin();
      queue.complete(leases, now());
      queue.commit();
    }
    rates.add("three", (long) rows.size() * batch, System.nanoTime() - start);
  }

  private static void oneTransaction(
      SqliteQueue queue, Rates rates, List<List<NewRow>> rows, int batch) throws SQLException {
    queue.begin();
    queue.insert(rows.get(0));
    List<Claimed> held = queue.claim(batch, now());
    queue.commit();
    long start = System.nanoTime();
    for (List<NewRow> some : rows.subList(1, rows.size())) {
      queue.begin();
      queue.complete(held, now());
      queue.insert(some);
      held = queue.claim(batch, now());
      queue.commit();
    }
    rates.add("one", (rows.size() - 1L) * batch, System.nanoTime() - start);
    queue.begin();
    queue.complete(held, now());
    queue.commit();
  }

  private void measure(String title, List<SqliteVariant> variants, Round round)
      throws SQLException, IOException {
    if (!title.contains(only)) {
      return;
    }
    System.out.printf(
        "%n## %s (medians of %d rounds, jobs/s, ratio to the first line)%n", title, rounds);
    Path place = Files.createTempDirectory(folder, "files");
    Map<SqliteVariant, SqliteQueue> queues = new LinkedHashMap<>();
    Map<SqliteVariant, Rates> rates = new LinkedHashMap<>();
    for (SqliteVariant variant : variants) {
      queues.put(variant, new SqliteQueue(place.resolve(queues.size() + ".db"), variant));
      rates.put(variant, new Rates());
    }
    List<SqliteVariant> order = new ArrayList<>(variants);
    for (int i = -WARM_UP_ROUNDS; i < rounds; i++) {
      Collections.rotate(order, 1);
      for (SqliteVariant variant : order) {
        round.run(queues.get(variant), i < 0 ? new Rates() : rates.get(variant));
      }
    }
    Rates base = rates.get(variants.get(0));
    rates.forEach((variant, found) -> System.out.println(found.line(variant.name(), base)));
    if (title.startsWith("200 B payloads")) {
      queues.get(variants.get(0)).plans().forEach(System.out::println);
    }
    for (SqliteQueue queue : queues.values()) {
      queue.close();
    }
    try (var files = Files.list(place)) {
      files.forEach(file -> file.toFile().delete());
    }
  }

  private static long now() {
    return System.currentTimeMillis() * 1_000;
  }
}
