package dev.holdfast.benchmarks.orders;

import dev.holdfast.Holdfast;
import dev.holdfast.NodeConfig;
import dev.holdfast.benchmarks.load.BareNode;
import dev.holdfast.error.BusyException;
import dev.holdfast.spi.Claimed;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * A process that claims. {@code claim ADDRESS QUEUE JOBS BATCH} claims this number of jobs, or all,
 * from the bare store, and prints its {@linkplain ClaimSeen claims}, then {@code done}; {@code work
 * ADDRESS QUEUE} is a node whose handler takes 10 ms.
 */
final class Claimer {
  static final String TYPE = "ordered";

  private Claimer() {}

  public static void main(String[] arguments) throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    if (arguments[0].equals("work")) {
      work(arguments[1], arguments[2], in);
      return;
    }
    try (BareNode node =
        untilNotBusy(() -> new BareNode(arguments[1], List.of(arguments[2]), TYPE))) {
      System.out.println("ready");
      in.readLine(); // the common start
      int jobs = Integer.parseInt(arguments[3]);
      claims(node, jobs, Integer.parseInt(arguments[4])).forEach(System.out::println);
      System.out.println("done");
      in.readLine(); // until then, others may still claim, and a closing node needs the lock, too
    }
  }

  private static List<ClaimSeen> claims(BareNode node, int jobs, int batch) {
    List<ClaimSeen> seen = new ArrayList<>();
    int claimed = 0;
    while (claimed < jobs) {
      long begin = System.nanoTime();
      List<Claimed> some = untilNotBusy(() -> node.exchange(List.of(), batch));
      long end = System.nanoTime();
      if (some.isEmpty()) {
        break;
      }
      claimed += some.size();
      seen.add(
          new ClaimSeen(
              begin, end, some.stream().map(Claimed::payload).map(Long::valueOf).toList()));
    }
    return seen;
  }

  /**
   * Retries busy calls: of four processes that constantly compete for SQLite's lock, one can
   * starve; it has changed nothing then.
   */
  private static <T> T untilNotBusy(Supplier<T> call) {
    while (true) {
      try {
        return call.get();
      } catch (BusyException again) {
        System.err.println(again.getMessage());
      }
    }
  }

  private static void work(String address, String queue, BufferedReader in) throws IOException {
    try (Holdfast holdfast = Holdfast.open(address)) {
      holdfast.handle(
          TYPE,
          Long.class,
          (payload, job) -> {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            return payload;
          });
      holdfast.start(
          NodeConfig.defaults().queues(queue).concurrency(4).grace(Duration.ofSeconds(5)));
      System.out.println("ready");
      in.readLine();
    }
  }
}
