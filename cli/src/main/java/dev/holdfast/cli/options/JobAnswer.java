package dev.holdfast.cli.options;

import dev.holdfast.JobId;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.Text;
import dev.holdfast.http.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The output of a command that changed jobs: their number and ids. */
public final class JobAnswer {
  private JobAnswer() {}

  /** {@code {"count": …, "job_ids": […]}}. */
  public static String json(long count, List<JobId> jobs) {
    return json(count, jobs, 0);
  }

  /** Returns the same with the number of dependents that were cancelled as well, if any. */
  public static String json(long count, List<JobId> jobs, long dependents) {
    Map<String, @Nullable Object> fields = Json.ofJobs(count, jobs);
    if (dependents > 0) {
      fields.put("dependents", dependents);
    }
    return Json.write(fields);
  }

  /** Prints the output; for people, the verb {@code done} and one id a line. */
  public static void print(Console console, boolean isJson, String done, List<JobId> jobs) {
    if (isJson) {
      console.line(json(jobs.size(), jobs));
    } else {
      console.line(done + " " + Text.count(jobs.size(), "job"));
      jobs.forEach(job -> console.line(job.toString()));
    }
  }
}
