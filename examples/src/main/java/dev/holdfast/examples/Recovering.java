package dev.holdfast.examples;

import dev.holdfast.HandlerPolicy;
import dev.holdfast.Holdfast;
import dev.holdfast.RecoveryPolicy;

/** Recovery policies for jobs whose process died. */
public final class Recovering {
  private Recovering() {}

  /** Starts a node with these policies; the queue's file is the first argument. */
  public static void main(String[] args) {
    start(args.length > 0 ? args[0] : "jobs.db");
  }

  static void start(String file) {
    try (Holdfast holdfast = Holdfast.open(file)) {
      HandlerPolicy policy = HandlerPolicy.defaults();
      // snippet: policies
      holdfast.handle("thumbnail", String.class, (path, job) -> "made", policy); // runs again
      holdfast.handle(
          "payment", String.class, (order, job) -> "paid", policy.recovery(RecoveryPolicy.HOLD));
      holdfast.handle(
          "import",
          String.class,
          (source, job) -> "imported",
          policy.recovery(
              interruption ->
                  interruption.crashed() ? RecoveryPolicy.HOLD : RecoveryPolicy.RESUME));
      // end
      holdfast.start();
    }
  }
}
