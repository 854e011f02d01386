package dev.holdfast.examples;

import dev.holdfast.HandlerPolicy;
import dev.holdfast.Holdfast;
import dev.holdfast.Job;
import dev.holdfast.JobContext;
import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import dev.holdfast.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** A handler that continues from its checkpoint. */
public final class GoingOn {
  private GoingOn() {}

  /** Prints the rows that each attempt copied; the queue's file is the first argument. */
  public static void main(String[] args) throws ExecutionException, InterruptedException {
    System.out.println(copy(args.length > 0 ? args[0] : "jobs.db"));
  }

  /** Returns the copied rows; the first attempt fails before the last one. */
  static List<String> copy(String file) throws ExecutionException, InterruptedException {
    List<String> copied = new ArrayList<>();
    try (Holdfast holdfast = Holdfast.open(file)) {
      holdfast.handle(
          "copy",
          Integer.class,
          (rows, job) -> copy(rows, job, copied),
          HandlerPolicy.defaults().retry(RetryPolicy.fixed(Duration.ofMillis(10))));
      holdfast.start();
      JobId id = holdfast.enqueue(NewJob.of("copy", 5)).id();
      Job unused = holdfast.await(id, Duration.ofSeconds(30)).get();
      return copied;
    }
  }

  // snippet: checkpoint
  private static int copy(int rows, JobContext job, List<String> copied) {
    int done = job.checkpoint("rows", Integer.class).orElse(0);
    while (done < rows) {
      copyRow(done + 1, job, copied);
      done++;
      job.checkpoint("rows", done); // durable when this returns
    }
    return done;
  }

  // end

  private static void copyRow(int row, JobContext job, List<String> copied) {
    if (row == 4 && job.attempt() == 1) {
      throw new IllegalStateException("the line was cut");
    }
    copied.add("row " + row + " in attempt " + job.attempt());
  }
}
