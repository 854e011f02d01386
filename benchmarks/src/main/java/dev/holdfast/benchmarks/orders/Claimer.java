package dev.holdfast.benchmarks.orders;

import dev.holdfast.BusyException;
import dev.holdfast.Holdfast;
import dev.holdfast.NodeConfig;
import dev.holdfast.engine.Platform;
import dev.holdfast.engine.SystemTime;
import dev.holdfast.engine.ThisProcess;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.NodeInfo;
import dev.holdfast.spi.Presence;
import dev.holdfast.spi.Serves;
import dev.holdfast.spi.StoreProvider;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A process that claims. {@code claim ADDRESS QUEUE JOBS BATCH} takes so many from the bare store,
 * or all that there are, and says their payloads in the order of claiming; {@code work ADDRESS
 * QUEUE} is a node whose handler takes a millisecond.
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
    try (JobStore store = open(arguments[1])) {
      NodeInfo node = ThisProcess.newNode("claimer");
      Serves serves = new Serves(List.of(arguments[2]), Map.of(), 1);
      try (Presence presence = store.register(node, serves, Duration.ofMinutes(10))) {
        System.out.println("ready");
        in.readLine(); // the start for all
        int batch = Integer.parseInt(arguments[4]);
        Claim claim = new Claim(node.id(), List.of(arguments[2]), Set.of(TYPE), batch);
        System.out.println(
            String.join(",", payloads(store, claim, Integer.parseInt(arguments[3]))));
      } finally {
        store.bury(node.id());
      }
    }
  }

  private static List<String> payloads(JobStore store, Claim claim, int jobs) {
    List<String> payloads = new ArrayList<>();
    List<Claimed> some = claimed(store, claim);
    while (!some.isEmpty() && payloads.size() < jobs) {
      some.forEach(one -> payloads.add(one.payload()));
      some = payloads.size() < jobs ? claimed(store, claim) : List.of();
    }
    return payloads;
  }

  /** Four that ask for nothing but SQLite's one lock all the time can leave one of them without. */
  private static List<Claimed> claimed(JobStore store, Claim claim) {
    while (true) {
      try {
        return store.exchange(List.of(), claim).claimed();
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
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            return payload;
          });
      holdfast.start(
          NodeConfig.defaults().queues(queue).concurrency(4).grace(Duration.ofSeconds(5)));
      System.out.println("ready");
      in.readLine();
    }
  }

  private static JobStore open(String address) {
    StoreProvider.Surroundings surroundings =
        new StoreProvider.Surroundings(
            new SystemTime(), Platform.storeThreads(), ThisProcess.newNode("claimer"));
    return ServiceLoader.load(StoreProvider.class).stream()
        .map(ServiceLoader.Provider::get)
        .flatMap(
            provider ->
                provider.open(address, StoreProvider.OpenMode.EXISTING, surroundings).stream())
        .findFirst()
        .orElseThrow();
  }
}
