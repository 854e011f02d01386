package dev.holdfast.benchmarks.sqlite;

import dev.holdfast.Holdfast;
import dev.holdfast.Lease;
import dev.holdfast.NewJob;
import dev.holdfast.NodeConfig;
import dev.holdfast.Transition;
import dev.holdfast.engine.Handlers;
import dev.holdfast.engine.JacksonCodec;
import dev.holdfast.engine.Platform;
import dev.holdfast.engine.StoreQueue;
import dev.holdfast.engine.SystemTime;
import dev.holdfast.engine.ThisProcess;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.Exchange;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.NodeInfo;
import dev.holdfast.spi.Notes;
import dev.holdfast.spi.Presence;
import dev.holdfast.spi.Serves;
import dev.holdfast.spi.StoreProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The same work on an empty file and on one with millions of finished jobs, in turns: how fast a
 * worker drains the queue, and how long the claims and completions of a hundred take.
 *
 * <p>Arguments: finished jobs (default 5,000,000), jobs of a drain (default 200,000), rounds
 * (default 5), a folder with 5 GB of room (default the system's for temporary files).
 */
public final class Growth {
  private static final int SLOTS = 64;
  private static final int CLAIM = 100;
  private static final int LOAD_BATCH = 1_000;
  private static final String TYPE = "noop";
  private static final Map<String, String> PAYLOAD = Map.of("text", "x".repeat(180));

  /** Rows as completed jobs leave them; ids of version 7 in the order of their numbers. */
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

  /** Runs it. */
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
        double rate = drain(file);
        double[] millis = exchanges(file);
        if (round >= 0) {
          rates[which][round] = rate;
          latencies.get(which)[round] = Latencies.percentile(millis, 0.99);
          System.out.printf(
              Locale.ROOT,
              "%-6s drain %,9.0f/s   claim and complete %d: p50 %.2f ms, p99 %.2f ms%n",
              which == 0 ? "empty" : "full",
              rate,
              CLAIM,
              Latencies.percentile(millis, 0.5),
              Latencies.percentile(millis, 0.99));
        }
      }
    }
    System.out.printf(
        Locale.ROOT,
        "full against empty, medians: drain %.2f, p99 of a claim %.2f%n",
        median(rates[1]) / median(rates[0]),
        median(latencies.get(1)) / median(latencies.get(0)));
  }

  /** Makes the file by Holdfast, and its rows by SQL. */
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

  private double drain(Path file) throws InterruptedException {
    try (Holdfast holdfast = Holdfast.open(file.toString())) {
      for (int i = 0; i < jobs; i += LOAD_BATCH) {
        holdfast.enqueue(batch());
      }
      CountDownLatch done = new CountDownLatch(1);
      AtomicLong left = new AtomicLong(jobs);
      holdfast.handle(TYPE, Object.class, (payload, job) -> null);
      holdfast.onAcknowledged(
          (ends, stale) -> {
            if (left.addAndGet(stale.size() - ends.size()) == 0) {
              done.countDown();
            }
          });
      long start = System.nanoTime();
      holdfast.start(NodeConfig.defaults().concurrency(SLOTS));
      done.await();
      return jobs * 1e9 / (System.nanoTime() - start);
    }
  }

  private static List<NewJob> batch() {
    List<NewJob> batch = new ArrayList<>();
    for (int i = 0; i < LOAD_BATCH; i++) {
      batch.add(NewJob.of(TYPE, PAYLOAD));
    }
    return batch;
  }

  /** Milliseconds, sorted, of transactions that complete a hundred jobs and claim as many. */
  private double[] exchanges(Path file) {
    try (JobStore store = open(file)) {
      NodeInfo node = ThisProcess.newNode("growth");
      Serves serves = new Serves(List.of(), Map.of(), SLOTS);
      try (Presence presence = store.register(node, serves, Duration.ofMinutes(10))) {
        enqueue(store);
        return time(store, node);
      } finally {
        store.bury(node.id());
      }
    }
  }

  private static JobStore open(Path file) {
    StoreProvider.Surroundings surroundings =
        new StoreProvider.Surroundings(
            new SystemTime(), Platform.storeThreads(), ThisProcess.newNode("growth"));
    return ServiceLoader.load(StoreProvider.class).stream()
        .map(ServiceLoader.Provider::get)
        .flatMap(
            provider ->
                provider
                    .open(file.toString(), StoreProvider.OpenMode.CREATE, surroundings)
                    .stream())
        .findFirst()
        .orElseThrow();
  }

  private void enqueue(JobStore store) {
    JacksonCodec codec = new JacksonCodec();
    StoreQueue queue =
        new StoreQueue(
            store,
            codec,
            new Handlers(codec),
            new SystemTime(),
            Platform.systemRandom(),
            () -> {
              throw new IllegalStateException("nobody waits");
            },
            Runnable::run);
    for (int i = 0; i < jobs / 4; i += LOAD_BATCH) {
      queue.enqueue(batch());
    }
  }

  private static double[] time(JobStore store, NodeInfo node) {
    Claim claim = new Claim(node.id(), List.of(), Set.of(TYPE), CLAIM);
    List<Double> millis = new ArrayList<>();
    List<Acknowledgement> ends = List.of();
    do {
      long start = System.nanoTime();
      Exchange exchange = store.exchange(ends, claim);
      millis.add((System.nanoTime() - start) / 1e6);
      ends = exchange.claimed().stream().map(Growth::completed).toList();
    } while (!ends.isEmpty());
    return millis.stream().mapToDouble(Double::doubleValue).sorted().toArray();
  }

  private static Acknowledgement completed(Claimed job) {
    Lease lease = job.lease();
    Transition done = new Transition.Complete(Optional.empty());
    return new Acknowledgement(lease, done, Duration.ZERO, Notes.none(lease));
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
