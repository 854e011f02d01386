package dev.holdfast.cli;

import dev.holdfast.JobId;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.Text;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a command answers that did something to jobs: how many, and which. */
final class JobAnswer {
  private JobAnswer() {}

  /** {@code {"count": …, "job_ids": […]}}. */
  static String json(long count, List<JobId> jobs) {
    return Json.write(fields(count, jobs));
  }

  static Map<String, @Nullable Object> fields(long count, List<JobId> jobs) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("count", count);
    fields.put("job_ids", jobs.stream().map(JobId::toString).toList());
    return fields;
  }

  /** Prints it: for people, what was {@code done} and an id a line. */
  static void print(Console console, boolean isJson, String done, List<JobId> jobs) {
    if (isJson) {
      console.line(json(jobs.size(), jobs));
    } else {
      console.line(done + " " + Text.count(jobs.size(), "job"));
      jobs.forEach(job -> console.line(job.toString()));
    }
  }
}
