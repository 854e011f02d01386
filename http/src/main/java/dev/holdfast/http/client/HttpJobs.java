package dev.holdfast.http.client;

import dev.holdfast.Explanation;
import dev.holdfast.Job;
import dev.holdfast.JobEvent;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue.Changed;
import dev.holdfast.JobState;
import dev.holdfast.LogFilter;
import dev.holdfast.LogLine;
import dev.holdfast.Page;
import dev.holdfast.PageCursor;
import dev.holdfast.PageRequest;
import dev.holdfast.Predecessor;
import dev.holdfast.error.ConflictException;
import dev.holdfast.http.Fields;
import dev.holdfast.http.wire.ExplanationJson;
import dev.holdfast.http.wire.JobEventJson;
import dev.holdfast.http.wire.JobJson;
import dev.holdfast.http.wire.JobPageJson;
import dev.holdfast.http.wire.LogLineJson;
import dev.holdfast.http.wire.PredecessorJson;
import dev.holdfast.http.wire.StepJson;
import dev.holdfast.spi.FilterParameters;
import dev.holdfast.step.Step;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads jobs through a server. Thread-safe. */
final class HttpJobs {
  private final Transport transport;

  HttpJobs(Transport transport) {
    this.transport = transport;
  }

  Optional<Job> find(JobId id) {
    return transport.ifThere(
        Request.get("/jobs/" + id), answer -> answer.read(JobJson.class, JobJson::job));
  }

  Optional<JobId> findByKey(String type, String key, @Nullable String group) {
    Request request =
        Request.get("/keys")
            .query("type", type)
            .query("key", key)
            .query("group", Optional.ofNullable(group));
    return transport.ifThere(request, reply -> reply.read(answer -> answer.jobId("id")));
  }

  Page<Job> list(JobFilter filter, PageRequest page) {
    return filter.ids().isEmpty() ? listed(filter, page) : named(filter, page);
  }

  private Page<Job> listed(JobFilter filter, PageRequest page) {
    if (filter.reachableGroups().filter(Set::isEmpty).isPresent()) {
      return new Page<>(List.of(), Optional.empty());
    }
    Request request =
        filtered(Request.get("/jobs").query("include", "payload"), filter)
            .query("after", page.after())
            .query("limit", page.limit());
    return transport.call(request).read(JobPageJson.class, JobPageJson::page);
  }

  /** Adds a filter, except for its ids. */
  static Request filtered(Request request, JobFilter filter) {
    JobFilter inGroups = filter.reachableGroups().map(filter::groups).orElse(filter);
    Request filtered = request;
    for (Map.Entry<String, List<String>> entry : FilterParameters.write(inGroups).entrySet()) {
      for (String value : entry.getKey().equals("ids") ? List.<String>of() : entry.getValue()) {
        filtered = filtered.query(entry.getKey(), value);
      }
    }
    return filtered;
  }

  /** Returns a page of named jobs, requesting as many at once as fit into a URL. */
  private Page<Job> named(JobFilter filter, PageRequest page) {
    List<JobId> left =
        filter.ids().stream()
            .distinct()
            .sorted((one, other) -> other.compareTo(one))
            .filter(id -> page.after().isEmpty() || id.compareTo(page.after().get().id()) < 0)
            .toList();
    List<Job> jobs = new ArrayList<>();
    for (int from = 0; from < left.size() && jobs.size() < page.limit(); from += Waiting.IDS_MAX) {
      List<JobId> some = left.subList(from, Math.min(left.size(), from + Waiting.IDS_MAX));
      Request request = filtered(Request.jobs(some), filter);
      jobs.addAll(transport.call(request).read(JobPageJson.class, JobPageJson::page).items());
    }
    boolean isFull = jobs.size() >= page.limit();
    List<Job> items = isFull ? jobs.subList(0, page.limit()) : jobs;
    return new Page<>(
        items,
        isFull ? Optional.of(PageCursor.of(items.get(items.size() - 1).id())) : Optional.empty());
  }

  List<JobEvent> events(JobId id) {
    return transport
        .ifThere(
            Request.get("/jobs/" + id + "/events"),
            answer -> answer.list("events", JobEventJson.class, JobEventJson::event))
        .orElse(List.of());
  }

  List<LogLine> logs(LogFilter filter) {
    String path = filter.job().map(id -> "/jobs/" + id + "/logs").orElse("/logs");
    Request request =
        Request.get(path).query("level", filter.least()).query("limit", filter.limit());
    return transport
        .ifThere(request, answer -> answer.list("logs", LogLineJson.class, LogLineJson::line))
        .orElse(List.of());
  }

  Explanation explain(JobId id) {
    Job job = transport.call(Request.get("/jobs/" + id)).read(JobJson.class, JobJson::job);
    return new Explanation(
        job,
        transport
            .call(Request.get("/jobs/" + id + "/explain"))
            .read(ExplanationJson.class, ExplanationJson::explained));
  }

  List<Predecessor> predecessors(JobId id, int from, int limit) {
    Request request =
        Request.get("/jobs/" + id + "/predecessors")
            .query("from", from)
            .query("limit", PageRequest.first(limit).limit());
    return transport
        .ifThere(
            request,
            answer ->
                answer.list("predecessors", PredecessorJson.class, PredecessorJson::predecessor))
        .orElse(List.of());
  }

  Page<Job> dependents(JobId id, PageRequest page) {
    Request request =
        Request.get("/jobs/" + id + "/dependents")
            .query("include", "payload")
            .query("after", page.after())
            .query("limit", page.limit());
    return transport
        .ifThere(request, answer -> answer.read(JobPageJson.class, JobPageJson::page))
        .orElseGet(() -> new Page<>(List.of(), Optional.empty()));
  }

  List<Step> steps(JobId id) {
    return transport
        .ifThere(
            Request.get("/jobs/" + id + "/steps"),
            answer -> answer.list("steps", StepJson.class, StepJson::step))
        .orElse(List.of());
  }

  Changed retryFrom(JobId id, String step) {
    Optional<JobState> before = find(id).map(Job::state);
    boolean isDone = false;
    if (before.isPresent()) {
      try {
        Job unused =
            transport
                .call(Request.post("/jobs/" + id + "/retry").query("from", step))
                .read(JobJson.class, JobJson::job);
        isDone = true;
      } catch (ConflictException forbidden) {
        before = find(id).map(Job::state);
      }
    }
    return new Changed(id, before, isDone);
  }

  Map<String, String> checkpoints(JobId id) {
    return transport
        .ifThere(
            Request.get("/jobs/" + id + "/checkpoints"),
            answer -> answer.read(HttpJobs::checkpoints))
        .orElse(Map.of());
  }

  private static Map<String, String> checkpoints(Fields answer) {
    Fields states = answer.object("checkpoints");
    Map<String, String> checkpoints = new LinkedHashMap<>();
    states
        .node()
        .propertyNames()
        .forEach(name -> checkpoints.put(name, states.any(name).toString()));
    return checkpoints;
  }
}
