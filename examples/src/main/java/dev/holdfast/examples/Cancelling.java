package dev.holdfast.examples;

import dev.holdfast.Holdfast;
import dev.holdfast.Job;
import dev.holdfast.JobHandler;
import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;

/** A running job that is cancelled. */
public final class Cancelling {
  private Cancelling() {}

  /** Prints the state of a cancelled job; the queue's file is the first argument. */
  public static void main(String[] args) throws ExecutionException, InterruptedException {
    System.out.println(calledOff(args.length > 0 ? args[0] : "jobs.db").state());
  }

  static Job calledOff(String file) throws ExecutionException, InterruptedException {
    CountDownLatch counting = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    try (Holdfast holdfast = Holdfast.open(file)) {
      // snippet: notice
      JobHandler<Integer> count =
          JobHandler.action(
              (from, job) -> {
                for (int number = from; !job.isCancelled(); number++) {
                  counting.countDown();
                }
                ended.countDown();
              });
      holdfast.handle("count", Integer.class, count);
      // end
      holdfast.start();
      JobId id = holdfast.enqueue(NewJob.of("count", 1)).id();
      counting.await();
      // snippet: cancel
      boolean done = holdfast.queue().cancel(List.of(id), "Ada").get(0).done();
      // end
      ended.await();
      Job job = holdfast.await(id, Duration.ofSeconds(30)).get();
      if (!done) {
        throw new IllegalStateException("the job ended before it was cancelled");
      }
      return job;
    }
  }
}
