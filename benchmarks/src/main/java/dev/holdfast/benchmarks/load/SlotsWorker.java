package dev.holdfast.benchmarks.load;

import dev.holdfast.Holdfast;
import dev.holdfast.NodeConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * A process that works with so many slots, each job for some milliseconds, and prints how many ends
 * were acknowledged, each time that some are. It starts at its first line of input and ends with
 * its input.
 */
public final class SlotsWorker {
  private SlotsWorker() {}

  /** Arguments: the address, how many slots, how many milliseconds. */
  public static void main(String[] args) throws IOException {
    long millis = Long.parseLong(args[2]);
    try (Holdfast holdfast = Holdfast.open(args[0])) {
      holdfast.handle(
          HoldfastLoad.TYPE,
          Object.class,
          (payload, job) -> {
            if (millis > 0) {
              Thread.sleep(millis);
            }
            return null;
          });
      holdfast.onAcknowledged((ended, stale) -> System.out.println(ended.size() - stale.size()));
      BufferedReader input =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      System.out.println("ready");
      input.readLine();
      holdfast.start(NodeConfig.defaults().concurrency(Integer.parseInt(args[1])));
      input.readLine();
    }
  }
}
