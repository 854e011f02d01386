package dev.holdfast.benchmarks.postgres.peers;

import dev.holdfast.benchmarks.load.ChildProcess;
import dev.holdfast.benchmarks.load.Contender;
import dev.holdfast.benchmarks.load.Counted;
import dev.holdfast.benchmarks.load.Latencies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * graphile-worker, in a process of Node: a local queue of 2,000 and completions in batches. It
 * keeps no history, and its completions are not fenced.
 */
public final class GraphileWorker implements Contender {
  private static final String SCRIPT = "worker.mjs";
  private static final Pattern RESULT = Pattern.compile("jobs (\\d+) seconds ([\\d.e+-]+)");
  private static final String ADD_JOB = "select graphile_worker.add_job('stamp', '{}'::json)";

  private final Path folder;
  private String version = "graphile-worker";

  /**
   * Uses the result of {@code npm install} in {@code benchmarks/peers/graphile}, or a copy of it.
   *
   * @throws IllegalArgumentException if it is not there
   */
  public GraphileWorker(Path folder) {
    if (!Files.isDirectory(folder.resolve("node_modules/graphile-worker"))
        || !Files.isRegularFile(folder.resolve(SCRIPT))) {
      throw new IllegalArgumentException(
          "%s is not an installation of graphile-worker: run npm install in benchmarks/peers/graphile"
              .formatted(folder));
    }
    this.folder = folder;
  }

  @Override
  public String name() {
    return "graphile-worker";
  }

  @Override
  public String settings() {
    return version + ", local queue 2,000, completions in batches, 24 at once, 25 connections";
  }

  @Override
  public double share() {
    return 1;
  }

  @Override
  public double drain(String address, int jobs) throws Exception {
    return run(address, "drain", Integer.toString(jobs)).checked(jobs);
  }

  @Override
  public double bulk(String address, int jobs) throws Exception {
    return run(address, "bulk", Integer.toString(jobs)).checked(jobs);
  }

  @Override
  public double enqueue(String address, int callers, Duration time) throws Exception {
    Result result =
        run(
            address,
            "enqueue",
            Integer.toString(callers),
            Double.toString(time.toMillis() / 1_000.0));
    return result.counted() / result.seconds();
  }

  /** Measures latencies: enqueued through its SQL function over JDBC, started by Node. */
  @Override
  public double[] idle(String address, Place place, int samples) throws Exception {
    if (place == Place.SAME_PROCESS) {
      return new double[0];
    }
    try (ChildProcess worker = start(address, "stamp");
        Connection connection = DriverManager.getConnection(address)) {
      worker.await("ready");
      try (PreparedStatement addJob = connection.prepareStatement(ADD_JOB)) {
        return Latencies.sample(
            samples,
            () -> {
              addJob.executeQuery().close();
              return Long.parseLong(worker.line());
            });
      }
    }
  }

  private record Result(long counted, double seconds) {
    double checked(long jobs) {
      Counted.check(jobs, counted);
      return jobs / seconds;
    }
  }

  private Result run(String address, String... arguments) throws Exception {
    try (ChildProcess process = start(address, arguments)) {
      String line = process.line();
      Matcher result = RESULT.matcher(line);
      if (!result.matches()) {
        throw new IOException("graphile-worker wrote: " + line);
      }
      return new Result(Long.parseLong(result.group(1)), Double.parseDouble(result.group(2)));
    }
  }

  private ChildProcess start(String address, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(node(), SCRIPT, withoutJdbc(address)));
    command.addAll(List.of(arguments));
    ChildProcess process = ChildProcess.start(folder, command);
    version = process.line();
    return process;
  }

  /**
   * Returns the Node that was installed with it, which has the right version, else that of the
   * system.
   */
  private String node() {
    Path local = folder.resolve("node_modules/.bin/node").toAbsolutePath();
    return Files.isExecutable(local) ? local.toString() : "node";
  }

  private static String withoutJdbc(String address) {
    return address.substring("jdbc:".length());
  }
}
