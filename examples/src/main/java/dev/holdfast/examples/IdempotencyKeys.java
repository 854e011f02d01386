package dev.holdfast.examples;

import dev.holdfast.Enqueued;
import dev.holdfast.Holdfast;
import dev.holdfast.NewJob;
import java.time.Duration;
import java.util.List;

/** The same job enqueued twice is one job. */
public final class IdempotencyKeys {
  private IdempotencyKeys() {}

  /** Prints both results; the queue's file is the first argument. */
  public static void main(String[] args) {
    welcomeTwice(args.length > 0 ? args[0] : "jobs.db").forEach(System.out::println);
  }

  static List<Enqueued> welcomeTwice(String file) {
    try (Holdfast holdfast = Holdfast.open(file)) {
      // snippet: unique
      NewJob welcome = NewJob.of("welcome", "ada@example.org").unique("ada@example.org");
      Enqueued first = holdfast.enqueue(welcome);
      Enqueued again = holdfast.enqueue(welcome.keepKey(Duration.ofDays(30)));
      // end
      return List.of(first, again);
    }
  }
}
