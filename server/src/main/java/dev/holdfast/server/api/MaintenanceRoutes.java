package dev.holdfast.server.api;

import static dev.holdfast.server.access.Permission.ADMINISTER;
import static dev.holdfast.server.route.Method.POST;

import dev.holdfast.Durations;
import dev.holdfast.Finding;
import dev.holdfast.Finding.Gravity;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue;
import dev.holdfast.Retention;
import dev.holdfast.http.Fields;
import dev.holdfast.http.HealthJson;
import dev.holdfast.http.Json;
import dev.holdfast.http.NewJobJson;
import dev.holdfast.server.route.Answer;
import dev.holdfast.server.route.Exchange;
import dev.holdfast.server.route.Route;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What is done to the queue as a whole; each reads or writes much, and takes its time. */
public final class MaintenanceRoutes {
  private static final String PATH = "/api/v1/maintenance";
  private static final int BYTES_MAX = 64 << 10;
  private static final int IDS_MAX = 1_000;

  private final JobQueue queue;

  /** The routes to the upkeep of this queue. */
  public MaintenanceRoutes(JobQueue queue) {
    this.queue = queue;
  }

  /** The routes. */
  public List<Route> routes() {
    return List.of(
        Route.of(POST, PATH + "/cleanup", this::cleanup).needs(ADMINISTER).optionalBody(BYTES_MAX),
        Route.of(POST, PATH + "/integrity-check", this::integrity).needs(ADMINISTER));
  }

  /** Removes what is old; of many ids the first stand in the answer, the count is of all. */
  private Answer cleanup(Exchange exchange) {
    Fields fields = exchange.object();
    NewJobJson.checkFields("the body", fields.node(), Set.of("older_than"));
    Retention retention =
        fields
            .maybeText("older_than")
            .map(Durations::parse)
            .map(Retention::finished)
            .orElseGet(Retention::defaults);
    List<JobId> removed = queue.removeOld(retention);
    List<JobId> first = removed.subList(0, Math.min(removed.size(), IDS_MAX));
    exchange.changed(first);
    return Answer.ok(Json.ofJobs(removed.size(), first));
  }

  private Answer integrity(Exchange exchange) {
    List<Finding> findings = queue.examine();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("ok", findings.stream().allMatch(finding -> finding.gravity() == Gravity.NOTE));
    fields.put("findings", findings.stream().map(HealthJson::of).toList());
    return Answer.ok(fields);
  }
}
