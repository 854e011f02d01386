package dev.holdfast.benchmarks.orders;

import dev.holdfast.ClaimOrder;
import dev.holdfast.Holdfast;
import dev.holdfast.Job;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.benchmarks.load.ChildProcess;
import dev.holdfast.spi.Ranking;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Claim orders under four processes that claim at once: a line for each, with what was seen.
 *
 * <p>Arguments: a seed (default 1) and an address (default a new SQLite file).
 */
public final class ClaimOrders {
  private static final int PROCESSES = 4;
  private static final int IN_ORDER = 20_000;
  private static final int DRAWN = 10_000;
  private static final int OF_EACH_PRIORITY = 25_000;
  private static final int PRIORITIES = 4;
  private static final int MANY = 100_000;

  private final Holdfast holdfast;
  private final String address;
  private final SplittableRandom random;

  private ClaimOrders(Holdfast holdfast, String address, long seed) {
    this.holdfast = holdfast;
    this.address = address;
    this.random = new SplittableRandom(seed);
  }

  /** Runs it. */
  public static void main(String[] arguments) throws Exception {
    long seed = arguments.length > 0 ? Long.parseLong(arguments[0]) : 1;
    String address =
        arguments.length > 1
            ? arguments[1]
            : Files.createTempDirectory("holdfast-orders").resolve("jobs.db").toString();
    System.out.printf(Locale.ROOT, "claim orders, %d processes, seed %d%n", PROCESSES, seed);
    try (Holdfast holdfast = Holdfast.open(address)) {
      ClaimOrders orders = new ClaimOrders(holdfast, address, seed);
      for (ClaimOrder order : List.of(ClaimOrder.PRIORITY, ClaimOrder.FIFO, ClaimOrder.LIFO)) {
        orders.inOrder(order);
      }
      orders.byLot();
      orders.inTurn();
    }
  }

  private static String queueOf(ClaimOrder order) {
    return "ordered-" + order.name().toLowerCase(Locale.ROOT);
  }

  private NewJob job(ClaimOrder order, long payload) {
    return NewJob.of(Claimer.TYPE, payload).on(queueOf(order));
  }

  private void set(ClaimOrder order) {
    holdfast.configure(queueOf(order), was -> was.order(order));
  }

  /** The payload is the job's place, so that each process must see it ascend. */
  private void inOrder(ClaimOrder order) throws Exception {
    set(order);
    List<NewJob> jobs = new ArrayList<>();
    for (int i = 0; i < IN_ORDER; i++) {
      int priority = random.nextInt(10);
      long place =
          switch (order) {
            case PRIORITY -> (9L - priority) * IN_ORDER + i;
            case LIFO -> IN_ORDER - i;
            default -> i;
          };
      jobs.add(job(order, place).priority(priority));
    }
    holdfast.enqueue(jobs);
    int claimed = 0;
    int inversions = 0;
    for (List<Long> mine : claims(order, Integer.MAX_VALUE, 7)) {
      claimed += mine.size();
      for (int i = 1; i < mine.size(); i++) {
        inversions += mine.get(i) < mine.get(i - 1) ? 1 : 0;
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%-16s %,d of %,d claimed, out of order within a process: %d%n",
        order,
        claimed,
        IN_ORDER,
        inversions);
  }

  private void byLot() throws Exception {
    ClaimOrder order = ClaimOrder.WEIGHTED_RANDOM;
    set(order);
    for (int priority = 0; priority < PRIORITIES; priority++) {
      List<NewJob> jobs = new ArrayList<>();
      for (int i = 0; i < OF_EACH_PRIORITY; i++) {
        jobs.add(job(order, priority).priority(priority));
      }
      holdfast.enqueue(jobs);
    }
    long[] drawn = new long[PRIORITIES];
    for (List<Long> mine : claims(order, DRAWN / PROCESSES, 10)) {
      mine.forEach(priority -> drawn[priority.intValue()]++);
    }
    double[] expected = expected();
    for (int priority = 0; priority < PRIORITIES; priority++) {
      System.out.printf(
          Locale.ROOT,
          "%-16s weight %.0f: drawn %,d, expected %,.0f, off by %+.1f %%%n",
          order,
          Ranking.weight(priority),
          drawn[priority],
          expected[priority],
          100 * (drawn[priority] / expected[priority] - 1));
    }
  }

  /** What is drawn is not put back: of weight w, 1 - exp(-w t) are drawn, for one t. */
  private static double[] expected() {
    double low = 0;
    double high = 1;
    double[] expected = new double[PRIORITIES];
    for (int step = 0; step < 60; step++) {
      double middle = (low + high) / 2;
      double sum = 0;
      for (int priority = 0; priority < PRIORITIES; priority++) {
        expected[priority] = OF_EACH_PRIORITY * (1 - Math.exp(-Ranking.weight(priority) * middle));
        sum += expected[priority];
      }
      low = sum < DRAWN ? middle : low;
      high = sum < DRAWN ? high : middle;
    }
    return expected;
  }

  private List<List<Long>> claims(ClaimOrder order, int jobs, int batch) throws Exception {
    List<ChildProcess> claimers = new ArrayList<>();
    try {
      for (int i = 0; i < PROCESSES; i++) {
        claimers.add(
            child("claim", queueOf(order), Integer.toString(jobs), Integer.toString(batch)));
      }
      for (ChildProcess claimer : claimers) {
        claimer.say("go");
      }
      List<List<Long>> claims = new ArrayList<>();
      for (ChildProcess claimer : claimers) {
        String line = claimer.line();
        claims.add(
            line.isEmpty()
                ? List.of()
                : List.of(line.split(",")).stream().map(Long::valueOf).toList());
      }
      return claims;
    } finally {
      close(claimers);
    }
  }

  private ChildProcess child(String mode, String queue, String... more) throws IOException {
    List<String> arguments = new ArrayList<>(List.of(mode, address, queue));
    arguments.addAll(List.of(more));
    ChildProcess child = ChildProcess.java(Claimer.class, arguments.toArray(String[]::new));
    child.await("ready");
    return child;
  }

  private static void close(List<ChildProcess> children) throws Exception {
    for (ChildProcess child : children) {
      child.close();
    }
  }

  private void inTurn() throws Exception {
    ClaimOrder order = ClaimOrder.FAIR;
    set(order);
    List<NewJob> many = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      many.add(job(order, i).group("many"));
    }
    holdfast.enqueue(many);
    List<ChildProcess> workers = new ArrayList<>();
    try {
      for (int i = 0; i < PROCESSES; i++) {
        workers.add(child("work", queueOf(order)));
      }
      JobId id = holdfast.enqueue(job(order, -1).group("few")).id();
      Job single = holdfast.await(id, Duration.ofMinutes(5)).join();
      long left = waiting(queueOf(order));
      System.out.printf(
          Locale.ROOT,
          "%-16s another group's single job started %d ms after its enqueue, %,d of %,d still waited%n",
          order,
          Duration.between(single.createdAt(), single.startedAt().orElseThrow()).toMillis(),
          left,
          MANY);
    } finally {
      close(workers);
    }
  }

  private long waiting(String queue) {
    return holdfast.queues().stream()
        .filter(seen -> seen.name().equals(queue))
        .mapToLong(seen -> seen.jobs(JobState.PENDING))
        .sum();
  }
}
