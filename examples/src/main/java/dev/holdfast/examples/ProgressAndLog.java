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

/** A handler that tells how far it has come, and keeps a log with its job. */
public final class ProgressAndLog {
  private ProgressAndLog() {}

  /** What was told. */
  record Told(Progress progress, List<LogLine> log) {}

  /** Prints what a handler told, from a queue in the file that the first argument names. */
  public static void main(String[] args) throws ExecutionException, InterruptedException {
    Told told = copy(args.length > 0 ? args[0] : "jobs.db");
    System.out.println(told.progress());
    told.log().forEach(System.out::println);
  }

  static Told copy(String file) throws ExecutionException, InterruptedException {
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
      List<LogLine> lines = holdfast.logs(LogFilter.of(id));
      // end
      return new Told(progress, lines);
    }
  }
}
