package dev.holdfast.examples;

import dev.holdfast.Holdfast;
import dev.holdfast.JobHandler;
import dev.holdfast.JobId;
import dev.holdfast.LogFilter;
import dev.holdfast.LogLine;
import dev.holdfast.NewJob;
import dev.holdfast.Progress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.slf4j.event.Level;

/** A handler that reports progress and writes log lines. */
public final class ProgressAndLog {
  private ProgressAndLog() {}

  /** The reported progress and log lines. */
  record Reported(Progress progress, List<LogLine> log) {}

  /** Prints what a handler reported; the queue's file is the first argument. */
  public static void main(String[] args) throws ExecutionException, InterruptedException {
    Reported reported = copy(args.length > 0 ? args[0] : "jobs.db");
    System.out.println(reported.progress());
    reported.log().forEach(System.out::println);
  }

  static Reported copy(String file) throws ExecutionException, InterruptedException {
    try (Holdfast holdfast = Holdfast.open(file)) {
      // snippet: tell
      JobHandler<Integer> copy =
          JobHandler.action(
              (rows, job) -> {
                job.log("copying " + rows + " rows");
                for (int row = 1; row <= rows; row++) {
                  job.progress(100 * row / rows, "row " + row); // cheap enough for every row
                }
                job.log(Level.WARN, "one row was empty", Map.of("row", 17));
              });
      // end
      holdfast.handle("copy", Integer.class, copy);
      holdfast.start();
      JobId id = holdfast.enqueue(NewJob.of("copy", 2_000)).id();
      holdfast.await(id, Duration.ofSeconds(30)).get();
      // snippet: read
      Progress progress = holdfast.find(id).orElseThrow().progress().orElseThrow();
      List<LogLine> lines = holdfast.queue().logs(LogFilter.of(id));
      // end
      return new Reported(progress, lines);
    }
  }
}
