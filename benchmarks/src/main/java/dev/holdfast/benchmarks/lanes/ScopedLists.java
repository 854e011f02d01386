package dev.holdfast.benchmarks.lanes;

import dev.holdfast.Holdfast;
import dev.holdfast.JobFilter;
import dev.holdfast.NewJob;
import dev.holdfast.PageRequest;
import dev.holdfast.benchmarks.load.Arguments;
import dev.holdfast.benchmarks.load.BareNode;
import dev.holdfast.benchmarks.load.Callers;
import dev.holdfast.benchmarks.load.Figures;
import dev.holdfast.benchmarks.load.Ground;
import dev.holdfast.benchmarks.load.Machine;
import dev.holdfast.search.Scope;
import dev.holdfast.spi.Claimed;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

/**
 * Measures how fast a queue is drained while callers list jobs within the scope of a token, again
 * and again, next to how fast without them. The ratio is what counts.
 *
 * <p>{@code --db} (sqlite,postgres), {@code --jobs} (40000) in {@code --groups} (1000) for each of
 * {@code --rounds} (3), {@code --batch} (100) jobs a claim, {@code --lists} (8) callers at once,
 * {@code --scope} (5) groups.
 */
public final class ScopedLists {
  private static final String TYPE = "t";
  private static final int PORTION = 20_000;
  private static final int PAGE = 50;
  private static final Map<String, String> DEFAULTS = new LinkedHashMap<>();

  static {
    DEFAULTS.put("db", Ground.KINDS);
    DEFAULTS.put("jobs", "40000");
    DEFAULTS.put("groups", "1000");
    DEFAULTS.put("rounds", "3");
    DEFAULTS.put("batch", "100");
    DEFAULTS.put("lists", "8");
    DEFAULTS.put("scope", "5");
  }

  private final Ground ground;
  private final Arguments arguments;

  private ScopedLists(Ground ground, Arguments arguments) {
    this.ground = ground;
    this.arguments = arguments;
  }

  /** Runs it. */
  public static void main(String[] args) throws Exception {
    Arguments arguments = Arguments.ofMain(DEFAULTS, args);
    System.out.printf("%s%nJDK %s%n%s%n", Machine.describe(), Runtime.version(), arguments);
    for (String kind : arguments.list("db")) {
      try (Ground ground = Ground.of(kind)) {
        new ScopedLists(ground, arguments).run();
      }
    }
  }

  private void run() throws Exception {
    System.out.printf("%n### %s%n", ground.describe());
    System.out.println(
        "| jobs a second | without lists | with lists | ratio | goal | lists a second |");
    System.out.println("| --- | --- | --- | --- | --- | --- |");
    int rounds = arguments.number("rounds");
    double[] without = new double[rounds];
    double[] with = new double[rounds];
    double[] lists = new double[rounds];
    String address = ground.fresh("scoped");
    try (Holdfast holdfast = Holdfast.open(address)) {
      for (int i = 0; i < rounds; i++) {
        without[i] = drain(holdfast, address);
        with[i] = drainBesideLists(holdfast, address, lists, i);
      }
    }
    System.out.printf(
        Locale.ROOT,
        "| drain | %s | %s | %.2f | 0.80 | %s |%n",
        Figures.range(without),
        Figures.range(with),
        Figures.median(with) / Figures.median(without),
        Figures.range(lists));
  }

  private double drainBesideLists(Holdfast holdfast, String address, double[] lists, int round)
      throws Exception {
    fill(holdfast);
    AtomicBoolean isOver = new AtomicBoolean();
    JobFilter filter =
        JobFilter.all()
            .within(
                Scope.of(
                    Set.copyOf(
                        IntStream.range(0, arguments.number("scope"))
                            .mapToObj(i -> "g" + i)
                            .toList())));
    FutureTask<Callers.Answered> callers =
        new FutureTask<>(
            () ->
                new Callers(arguments.number("lists"))
                    .until(
                        isOver::get, () -> holdfast.queue().list(filter, PageRequest.first(PAGE))));
    new Thread(callers, "lists").start();
    double rate = drained(address);
    isOver.set(true);
    lists[round] = callers.get().perSecond();
    return rate;
  }

  private double drain(Holdfast holdfast, String address) throws Exception {
    fill(holdfast);
    return drained(address);
  }

  private double drained(String address) throws Exception {
    ground.settle(address);
    long began = System.nanoTime();
    try (BareNode node = new BareNode(address, List.of(), TYPE)) {
      List<Claimed> held = node.exchange(List.of(), arguments.number("batch"));
      while (!held.isEmpty()) {
        held = node.exchange(held, arguments.number("batch"));
      }
    }
    return arguments.number("jobs") / ((System.nanoTime() - began) / 1e9);
  }

  private void fill(Holdfast holdfast) {
    int jobs = arguments.number("jobs");
    int groups = arguments.number("groups");
    for (int from = 0; from < jobs; from += PORTION) {
      holdfast
          .queue()
          .enqueue(
              IntStream.range(from, Math.min(jobs, from + PORTION))
                  .mapToObj(i -> NewJob.of(TYPE, i).group("g" + i % groups))
                  .toList());
    }
  }
}
