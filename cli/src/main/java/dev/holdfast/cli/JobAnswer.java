package dev.holdfast.cli;

import dev.holdfast.JobId;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.Text;
import dev.holdfast.http.Json;
import java.util.List;

/** What a command answers that did something to jobs: how many, and which. */
final class JobAnswer {
  private JobAnswer() {}

  /** {@code {"count": …, "job_ids": […]}}. */
  static String json(long count, List<JobId> jobs) {
    return Json.write(Json.ofJobs(count, jobs));
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
