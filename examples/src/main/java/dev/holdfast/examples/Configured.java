package dev.holdfast.examples;

import dev.holdfast.HandlerPolicy;
import dev.holdfast.Holdfast;
import dev.holdfast.JobEvent;
import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import dev.holdfast.NodeConfig;
import dev.holdfast.RecoveryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** A configured node, and the history of a job. */
public final class Configured {
  private Configured() {}

  /** Prints a job's history; the queue's file is the first argument. */
  public static void main(String[] args) throws ExecutionException, InterruptedException {
    history(args.length > 0 ? args[0] : "jobs.db").forEach(System.out::println);
  }

  static List<JobEvent> history(String file) throws ExecutionException, InterruptedException {
    try (Holdfast holdfast = Holdfast.open(file)) {
      // snippet: recovery
      holdfast.handle(
          "transfer",
          String.class,
          (account, job) -> "done",
          HandlerPolicy.defaults().recovery(RecoveryPolicy.HOLD)); // a person looks at it first
      // end
      // snippet: node
      holdfast.start(
          NodeConfig.defaults()
              .name("billing")
              .queues("payments", "default")
              .concurrency(4)
              .grace(Duration.ofSeconds(60)));
      // end
      JobId id = holdfast.enqueue(NewJob.of("transfer", "DE-1").on("payments")).id();
      holdfast.await(id, Duration.ofSeconds(30)).get();
      // snippet: history
      List<JobEvent> events = holdfast.queue().events(id);
      // end
      return events;
    }
  }
}
