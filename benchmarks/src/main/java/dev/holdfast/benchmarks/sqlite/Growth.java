package dev.holdfast.benchmarks.sqlite;

import dev.holdfast.Holdfast;
import dev.holdfast.benchmarks.load.Exchanges;
import dev.holdfast.benchmarks.load.Figures;
import dev.holdfast.benchmarks.load.HoldfastLoad;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;

/**
 * Compares an empty file with one that has millions of finished jobs, in turns: the rate of a
 * drain, and the time to claim and complete a hundred jobs.
 *
 * <p>Arguments: finished jobs (default 5,000,000), jobs of a drain (default 200,000), rounds
 * (default 5), a folder with 5 GB of free space (default: the system's for temporary files).
 */
public final class Growth {
  private static final int SLOTS = 64;

  /** Inserts rows of completed jobs, with UUIDv7 ids in the order of their numbers. */
  private static final String FINISHED =
      """
      insert into jobs
        (number, id, queue, type, state, rank, priority, run_at, attempt, max_attempts, token, node,
         created_at, started_at, finished_at, updated_at)
      with recursive n(i) as (select 1 union all select i + 1 from n where i < %d)
      select i, unhex(printf('%%012x7%%03x8%%015x', %d + i / 4096, i %% 4096, i)), 'default', 'noop',
             'COMPLETED', 0, 0, %d, 1, 4, 1, zeroblob(16), %d, %d, %d, %d
        from n
      """;

  private static final String PAYLOADS =
      """
      insert into job_payloads (number, payload)
      select number, '{"text":"%s"}' from jobs
      """
          .formatted("x".repeat(180));

  private final long finished;
  private final int jobs;
  private final int rounds;
  private final Path folder;

  private Growth(long finished, int jobs, int rounds, Path folder) {
    this.finished = finished;
    this.jobs = jobs;
    this.rounds = rounds;
    this.folder = folder;
  }

  /** Runs the benchmark. */
  public static void main(String[] args) throws Exception {
    long finished = args.length > 0 ? Long.parseLong(args[0]) : 5_000_000;
    int jobs = args.length > 1 ? Integer.parseInt(args[1]) : 200_000;
    int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 5;
    Path folder = args.length > 3 ? Path.of(args[3]) : Files.createTempDirectory("holdfast-growth");
    new Growth(finished, jobs, rounds, folder).run();
  }

  private void run() throws Exception {
    Path full = folder.resolve("full.db");
    fill(full);
    System.out.printf(
        Locale.ROOT,
        "JDK %d, %,d finished jobs (%,d MB), drains of %,d jobs, %d rounds in turns%n",
        Runtime.version().feature(),
        finished,
        full.toFile().length() >> 20,
        jobs,
        rounds);
    double[][] rates = new double[2][rounds];
    List<double[]> latencies = List.of(new double[rounds], new double[rounds]);
    for (int round = -1; round < rounds; round++) {
      Path empty = folder.resolve("empty" + round + ".db");
      for (int which = 0; which < 2; which++) {
        Path file = which == 0 ? empty : full;
        double rate = HoldfastLoad.drain(file.toString(), jobs, SLOTS);
        double[] millis = Exchanges.millis(file.toString(), jobs / 4, jobs / 4 / Exchanges.JOBS);
        if (round >= 0) {
          rates[which][round] = rate;
          latencies.get(which)[round] = Figures.percentile(millis, 0.99);
          System.out.printf(
              Locale.ROOT,
              "%-6s drain %,9.0f/s   claim and complete %d: p50 %.2f ms, p99 %.2f ms%n",
              which == 0 ? "empty" : "full",
              rate,
              Exchanges.JOBS,
              Figures.percentile(millis, 0.5),
              Figures.percentile(millis, 0.99));
        }
      }
    }
    System.out.printf(
        Locale.ROOT,
        "full against empty, medians: drain %.2f, p99 of a claim %.2f%n",
        Figures.median(rates[1]) / Figures.median(rates[0]),
        Figures.median(latencies.get(1)) / Figures.median(latencies.get(0)));
  }

  /** Creates the file with Holdfast, and its rows with SQL. */
  private void fill(Path file) throws SQLException {
    Holdfast.open(file.toString()).close();
    long millis = System.currentTimeMillis() - 3_600_000;
    long micros = millis * 1_000;
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("pragma synchronous = off");
      statement.execute("begin immediate");
      statement.execute(
          FINISHED.formatted(finished, millis, micros, micros, micros, micros, micros));
      statement.execute(PAYLOADS);
      statement.execute("commit");
      statement.execute("pragma wal_checkpoint(truncate)");
    }
  }
}
