package dev.holdfast.examples;

import dev.holdfast.Batch;
import dev.holdfast.Chain;
import dev.holdfast.Enqueued;
import dev.holdfast.Holdfast;
import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import dev.holdfast.OnPredecessorFailure;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** Jobs that wait for others: one after another, and many before one. */
public final class Dependencies {
  private static final Duration WAIT = Duration.ofSeconds(30);

  private Dependencies() {}

  /** Prints both results; the queue's file is the first argument. */
  public static void main(String[] args) throws ExecutionException, InterruptedException {
    String file = args.length > 0 ? args[0] : "jobs.db";
    System.out.println(chain(file));
    System.out.println(words(file, List.of("to be", "or not to be")));
  }

  static String chain(String file) throws ExecutionException, InterruptedException {
    try (Holdfast holdfast = Holdfast.open(file)) {
      holdfast.handle("fetch", String.class, (address, job) -> "the text at " + address);
      holdfast.handle(
          "publish",
          String.class,
          (place, job) -> place + ": " + job.results(String.class).findFirst().orElseThrow());
      holdfast.start();
      // snippet: chain
      List<Enqueued> jobs =
          holdfast
              .queue()
              .enqueue(
                  Chain.of(NewJob.of("fetch", "example.org"), NewJob.of("publish", "front page")));
      // end
      return holdfast.await(jobs.get(1).id(), WAIT).get().result().orElseThrow();
    }
  }

  static String words(String file, List<String> texts)
      throws ExecutionException, InterruptedException {
    try (Holdfast holdfast = Holdfast.open(file)) {
      // snippet: results
      holdfast.handle("count", String.class, (text, job) -> text.split(" ").length);
      holdfast.handle(
          "sum",
          String.class,
          (title, job) -> title + job.results(Integer.class).mapToInt(words -> words).sum());
      // end
      holdfast.start();
      // snippet: batch
      List<NewJob> counts = texts.stream().map(text -> NewJob.of("count", text)).toList();
      List<Enqueued> jobs =
          holdfast.queue().enqueue(Batch.of(counts).then(NewJob.of("sum", "words: ")));
      // end
      JobId sum = jobs.get(jobs.size() - 1).id();
      return holdfast.await(sum, WAIT).get().result().orElseThrow();
    }
  }

  static JobId after(Holdfast holdfast, JobId upload, JobId scan) {
    // snippet: after
    JobId id =
        holdfast
            .enqueue(
                NewJob.of("notify", "ada")
                    .after(upload) // cancelled if that fails
                    .after(OnPredecessorFailure.RUN, List.of(scan))) // runs even if that fails
            .id();
    // end
    return id;
  }
}
