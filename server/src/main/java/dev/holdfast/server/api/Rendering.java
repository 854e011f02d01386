package dev.holdfast.server.api;

import dev.holdfast.Job;
import dev.holdfast.JobEvent;
import dev.holdfast.LogLine;
import dev.holdfast.http.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Jobs and what belongs to them, as callers get them: the one place where they become JSON. */
final class Rendering {
  Map<String, @Nullable Object> job(Job job) {
    return Json.of(job);
  }

  List<Map<String, @Nullable Object>> jobs(List<Job> jobs) {
    return jobs.stream().map(this::job).toList();
  }

  Map<String, @Nullable Object> events(List<JobEvent> events) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("events", events.stream().map(Json::of).toList());
    return fields;
  }

  Map<String, @Nullable Object> logs(List<LogLine> lines) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("logs", lines.stream().map(Json::of).toList());
    return fields;
  }
}
