package dev.holdfast.benchmarks.orders;

import dev.holdfast.ClaimOrder;
import dev.holdfast.Holdfast;
import dev.holdfast.Job;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.benchmarks.load.Arguments;
import dev.holdfast.benchmarks.load.ChildProcess;
import dev.holdfast.benchmarks.load.Counted;
import dev.holdfast.benchmarks.load.Ground;
import dev.holdfast.spi.Ranking;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Checks that claim orders hold when four processes claim at once, on each store; prints a line for
 * each. Exits with 1 if one does not hold.
 *
 * <p>PRIORITY, FIFO and LIFO hold if no job was {@linkplain ClaimSeen#passedOver passed over}. To
 * show that the check works, one queue is served by priority and judged as FIFO. WEIGHTED_RANDOM
 * holds if, over four times 10,000 claims, the jobs of each weight were drawn as often as their
 * weight says, give or take 5 %: about three standard deviations of the rarest. FAIR holds if the
 * single job of a group starts within a second while 100,000 of another one wait.
 *
 * <p>{@code --db} (sqlite,postgres), {@code --seed} (1) sets the priorities; ids and weighted draws
 * are random.
 */
public final class ClaimOrders {
  private static final Map<String, String> DEFAULTS = new LinkedHashMap<>();

  static {
    DEFAULTS.put("db", Ground.KINDS);
    DEFAULTS.put("seed", "1");
  }

  private static final int PROCESSES = 4;
  private static final int IN_ORDER = 20_000;
  private static final int DRAWS = 4;
  private static final int DRAWN = 10_000;
  private static final int OF_EACH_PRIORITY = 25_000;
  private static final int PRIORITIES = 4;
  private static final double OFF_MAX = 0.05;
  private static final int MANY = 100_000;
  private static final Duration START_MAX = Duration.ofSeconds(1);

  private final Holdfast holdfast;
  private final String address;
  private final SplittableRandom random;
  private boolean hold = true;

  private ClaimOrders(Holdfast holdfast, String address, SplittableRandom random) {
    this.holdfast = holdfast;
    this.address = address;
    this.random = random;
  }

  /** Runs the check. */
  public static void main(String[] args) throws Exception {
    Arguments arguments = Arguments.ofMain(DEFAULTS, args);
    System.out.printf("claim orders, %d processes, %s%n", PROCESSES, arguments);
    boolean hold = true;
    for (String kind : arguments.list("db")) {
      try (Ground ground = Ground.of(kind)) {
        System.out.printf("%n### %s%n", ground.describe());
        SplittableRandom random = new SplittableRandom(arguments.number("seed"));
        hold &= hold(ground.fresh("ordered"), random, ClaimOrders::inOrder);
        hold &= hold(ground.fresh("weighed"), random, ClaimOrders::byLot);
        hold &= hold(ground.fresh("fair"), random, ClaimOrders::inTurn);
      }
    }
    System.exit(hold ? 0 : 1);
  }

  private interface Part {
    void run(ClaimOrders orders) throws Exception;
  }

  private static boolean hold(String address, SplittableRandom random, Part part) throws Exception {
    try (Holdfast holdfast = Holdfast.open(address)) {
      ClaimOrders orders = new ClaimOrders(holdfast, address, random);
      part.run(orders);
      return orders.hold;
    }
  }

  private void judge(ClaimOrder order, boolean holds, String how, Object... values) {
    hold &= holds;
    System.out.printf(
        "%-16s %-14s %s%n",
        order, holds ? "holds" : "DOES NOT HOLD", String.format(Locale.ROOT, how, values));
  }

  private static NewJob job(String queue, long payload) {
    return NewJob.of(Claimer.TYPE, payload).on(queue);
  }

  private String newQueue(ClaimOrder order, String name) {
    String queue = order.name().toLowerCase(Locale.ROOT) + "-" + name;
    holdfast.queue().queues().configure(queue, was -> was.order(order));
    return queue;
  }

  private void inOrder() throws Exception {
    for (ClaimOrder order : List.of(ClaimOrder.PRIORITY, ClaimOrder.FIFO, ClaimOrder.LIFO)) {
      List<ClaimSeen> claims = allOf(order, order);
      int passedOver = ClaimSeen.passedOver(claims);
      judge(
          order,
          passedOver == 0,
          "%,d claims took %,d jobs; passed over: %,d",
          claims.size(),
          IN_ORDER,
          passedOver);
    }
    int passedOver = ClaimSeen.passedOver(allOf(ClaimOrder.PRIORITY, ClaimOrder.FIFO));
    hold &= passedOver > 0;
    System.out.printf(
        Locale.ROOT, "PRIORITY judged as FIFO: passed over: %,d (must be some)%n", passedOver);
  }

  /**
   * Returns all claims from a new queue.
   *
   * @param served its order
   * @param judged the order in which the payload is the job's place
   */
  private List<ClaimSeen> allOf(ClaimOrder served, ClaimOrder judged) throws Exception {
    String queue = newQueue(served, "as-" + judged.name().toLowerCase(Locale.ROOT));
    List<NewJob> jobs = new ArrayList<>();
    for (int i = 0; i < IN_ORDER; i++) {
      int priority = random.nextInt(10);
      long place =
          switch (judged) {
            case PRIORITY -> (9L - priority) * IN_ORDER + i;
            case LIFO -> IN_ORDER - i;
            default -> i;
          };
      jobs.add(job(queue, place).priority(priority));
    }
    holdfast.queue().enqueue(jobs);
    List<ClaimSeen> claims = claims(queue, Integer.MAX_VALUE, 7);
    Set<Long> places = new HashSet<>();
    claims.forEach(claim -> places.addAll(claim.places()));
    Counted.check(IN_ORDER, places.size());
    return claims;
  }

  private void byLot() throws Exception {
    ClaimOrder order = ClaimOrder.WEIGHTED_RANDOM;
    long[] drawn = new long[PRIORITIES];
    for (int draw = 1; draw <= DRAWS; draw++) {
      String queue = newQueue(order, Integer.toString(draw));
      for (int priority = 0; priority < PRIORITIES; priority++) {
        holdfast
            .queue()
            .enqueue(
                Collections.nCopies(OF_EACH_PRIORITY, job(queue, priority).priority(priority)));
      }
      for (ClaimSeen claim : claims(queue, DRAWN / PROCESSES, 10)) {
        claim.places().forEach(priority -> drawn[priority.intValue()]++);
      }
    }
    double[] expected = expected();
    for (int priority = 0; priority < PRIORITIES; priority++) {
      double off = drawn[priority] / (DRAWS * expected[priority]) - 1;
      judge(
          order,
          Math.abs(off) <= OFF_MAX,
          "weight %.0f: drawn %,d, expected %,.0f, off by %+.1f %%",
          Ranking.weight(priority),
          drawn[priority],
          DRAWS * expected[priority],
          100 * off);
    }
  }

  /**
   * Returns the expected draws without replacement: of weight w, 1 - exp(-w t) are drawn, for one
   * t.
   */
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

  /**
   * Returns the claims of four processes that start at once; each claims at least this number of
   * jobs, or all.
   */
  private List<ClaimSeen> claims(String queue, int jobs, int batch) throws Exception {
    List<ChildProcess> claimers = new ArrayList<>();
    try {
      for (int i = 0; i < PROCESSES; i++) {
        claimers.add(child("claim", queue, Integer.toString(jobs), Integer.toString(batch)));
      }
      for (ChildProcess claimer : claimers) {
        claimer.say("go");
      }
      List<ClaimSeen> claims = new ArrayList<>();
      for (ChildProcess claimer : claimers) {
        for (String line = claimer.line(); !line.equals("done"); line = claimer.line()) {
          claims.add(ClaimSeen.parse(line));
        }
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
    String queue = newQueue(order, "groups");
    holdfast.queue().enqueue(Collections.nCopies(MANY, job(queue, 0).group("many")));
    List<ChildProcess> workers = new ArrayList<>();
    try {
      for (int i = 0; i < PROCESSES; i++) {
        workers.add(child("work", queue));
      }
      JobId id = holdfast.enqueue(job(queue, 1).group("few")).id();
      Job single = holdfast.await(id, Duration.ofMinutes(5)).join();
      long left = waiting(queue);
      Duration startedAfter =
          Duration.between(single.createdAt(), single.startedAt().orElseThrow());
      judge(
          order,
          startedAfter.compareTo(START_MAX) < 0 && left > 0,
          "another group's single job started %d ms after its enqueue; %,d of %,d still waited",
          startedAfter.toMillis(),
          left,
          MANY);
    } finally {
      close(workers);
    }
  }

  private long waiting(String queue) {
    return holdfast.queue().queues().list().stream()
        .filter(seen -> seen.name().equals(queue))
        .mapToLong(seen -> seen.jobs(JobState.PENDING))
        .sum();
  }
}
