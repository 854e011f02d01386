package dev.holdfast.benchmarks.search;

import dev.holdfast.Holdfast;
import dev.holdfast.JobFilter;
import dev.holdfast.JobState;
import dev.holdfast.PageRequest;
import dev.holdfast.benchmarks.http.ServedQueue;
import dev.holdfast.benchmarks.load.Arguments;
import dev.holdfast.benchmarks.load.ChildProcess;
import dev.holdfast.benchmarks.load.Figures;
import dev.holdfast.benchmarks.load.Ground;
import dev.holdfast.benchmarks.load.Machine;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Measures what the console and the command line ask of a server, with very many jobs in its queue:
 * lists, searches, counts and figures, request after request.
 *
 * <p>{@code --db} (sqlite,postgres), {@code --jobs} (10000000), of which {@code --waiting} (100000)
 * are left, and {@code --rounds} (40) of each request after two for warming up.
 */
public final class ManyJobs {
  private static final int WARM_UP = 2;
  private static final int OK = 200;
  private static final double INDEXED_MAX = 200;
  private static final double UNINDEXED_MAX = 1_000;
  private static final double SCRAPE_MAX = 100;
  private static final Map<String, String> DEFAULTS = new LinkedHashMap<>();

  static {
    DEFAULTS.put("db", Ground.KINDS);
    DEFAULTS.put("jobs", "10000000");
    DEFAULTS.put("waiting", "100000");
    DEFAULTS.put("rounds", "40");
  }

  private final HttpClient client = HttpClient.newHttpClient();
  private final Arguments arguments;

  private ManyJobs(Arguments arguments) {
    this.arguments = arguments;
  }

  /** Runs it. */
  public static void main(String[] args) throws Exception {
    Arguments arguments = Arguments.ofMain(DEFAULTS, args);
    System.out.printf("%s%nJDK %s%n%s%n", Machine.describe(), Runtime.version(), arguments);
    for (String kind : arguments.list("db")) {
      try (Ground ground = Ground.of(kind)) {
        new ManyJobs(arguments).run(ground);
      }
    }
  }

  private void run(Ground ground) throws Exception {
    System.out.printf("%n### %s%n", ground.describe());
    String address = ground.fresh("many");
    String failed;
    try (Holdfast holdfast = Holdfast.open(address)) {
      long began = System.nanoTime();
      JobMix.fill(holdfast, address, arguments.number("jobs"), arguments.number("waiting"));
      ground.settle(address);
      System.out.printf("filled in %,d s%n%n", (System.nanoTime() - began) / 1_000_000_000L);
      failed =
          holdfast
              .queue()
              .list(JobFilter.in(JobState.FAILED), PageRequest.first(1))
              .items()
              .get(0)
              .id()
              .toString();
    }
    try (ChildProcess server = ChildProcess.java(ServedQueue.class, address)) {
      URI uri = URI.create(server.line());
      System.out.println("| request | p50, ms | p95, ms | max, ms | goal, p95 |");
      System.out.println("| --- | ---: | ---: | ---: | ---: |");
      for (Map.Entry<String, Double> request : requests(failed).entrySet()) {
        measure(uri.resolve(request.getKey()), request);
      }
    }
  }

  /** All requests, with the time in milliseconds that 95 of 100 should not exceed. */
  private static Map<String, Double> requests(String failed) {
    Map<String, Double> all = new LinkedHashMap<>();
    for (String search :
        new String[] {
          "",
          "state=FAILED",
          "state=PENDING",
          "state=COMPLETED",
          "queue=q7",
          "type=t42",
          "queue=q7&type=t57&state=FAILED",
          "group=g8",
          "tag=tag-13",
          "where=payload.customer=4711",
          "key=order-4711",
          "since=1m",
          "state=COMPLETED&sort=finished&finished_since=1m",
          "failure=ERROR",
        }) {
      all.put("/api/v1/jobs?limit=50&" + search, INDEXED_MAX);
      all.put("/api/v1/jobs/facets?" + search, INDEXED_MAX);
    }
    all.put("/api/v1/jobs?limit=50&failure_text=service+ab", UNINDEXED_MAX);
    all.put("/api/v1/jobs?limit=50&where=payload.note=nowhere", UNINDEXED_MAX);
    all.put("/api/v1/jobs?limit=50&run=%3E5s", UNINDEXED_MAX);
    all.put("/api/v1/jobs/" + failed, INDEXED_MAX);
    for (String part : new String[] {"events", "logs", "explain", "predecessors", "dependents"}) {
      all.put("/api/v1/jobs/" + failed + "/" + part, INDEXED_MAX);
    }
    for (String page :
        new String[] {
          "status",
          "queues",
          "queues/q7",
          "workers",
          "schedules",
          "limits",
          "failures?limit=50",
          "failures?limit=50&queue=q7",
          "recoveries",
          "stats",
          "stats?window=31d",
          "stats/throughput?window=24h",
          "stats/percentiles?window=24h",
          "stats/series",
          "stats/series?by=queue",
          "stats/series?by=type",
          "audit",
          "bulk-operations",
        }) {
      all.put("/api/v1/" + page, INDEXED_MAX);
    }
    all.put("/metrics", SCRAPE_MAX);
    return all;
  }

  private void measure(URI uri, Map.Entry<String, Double> request) throws Exception {
    for (int i = 0; i < WARM_UP; i++) {
      double unused = millis(uri);
    }
    double[] all = new double[arguments.number("rounds")];
    for (int i = 0; i < all.length; i++) {
      all[i] = millis(uri);
    }
    double[] sorted = Figures.sorted(all);
    double most = Figures.percentile(sorted, 0.95);
    System.out.printf(
        Locale.ROOT,
        "| `%s` | %.1f | %.1f | %.1f | %.0f%s |%n",
        request.getKey(),
        Figures.percentile(sorted, 0.5),
        most,
        sorted[sorted.length - 1],
        request.getValue(),
        most > request.getValue() ? " **missed**" : "");
  }

  private double millis(URI uri) throws IOException, InterruptedException {
    long began = System.nanoTime();
    HttpResponse<String> answer =
        client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    double millis = (System.nanoTime() - began) / 1e6;
    if (answer.statusCode() != OK) {
      throw new IOException(
          "%s answered %d: %s".formatted(uri, answer.statusCode(), answer.body()));
    }
    return millis;
  }
}
