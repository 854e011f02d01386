package dev.holdfast.benchmarks.load;

import dev.holdfast.Holdfast;
import dev.holdfast.NodeConfig;
import java.io.IOException;

/** A process whose handler returns the time; it ends when its input does. */
public final class StampWorker {
  private StampWorker() {}

  /** Runs a worker on the queue at the address of the argument. */
  public static void main(String[] args) throws IOException {
    try (Holdfast holdfast = Holdfast.open(args[0])) {
      holdfast.handle("stamp", Object.class, (payload, job) -> System.nanoTime());
      holdfast.start(NodeConfig.defaults().concurrency(4));
      System.out.println("ready");
      System.in.read();
    }
  }
}
