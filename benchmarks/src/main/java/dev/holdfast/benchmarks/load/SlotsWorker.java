package dev.holdfast.benchmarks.load;

import dev.holdfast.Holdfast;
import dev.holdfast.NodeConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * A worker process with some slots and some milliseconds for each job, which prints the number of
 * acknowledged ends. It starts at its first line of input and ends with its input.
 */
public final class SlotsWorker {
  private SlotsWorker() {}

  /**
   * Runs the worker. Arguments: the address, the number of slots, the milliseconds for each job.
   */
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
