package dev.holdfast.server.api;

import static dev.holdfast.server.access.Permission.ADMINISTER;
import static dev.holdfast.server.route.Method.GET;
import static dev.holdfast.server.route.Method.POST;

import dev.holdfast.Finding;
import dev.holdfast.Finding.Gravity;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue;
import dev.holdfast.Retention;
import dev.holdfast.check.Durations;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.http.Fields;
import dev.holdfast.http.Json;
import dev.holdfast.http.NewJobJson;
import dev.holdfast.http.UpkeepJson;
import dev.holdfast.http.wire.DatabaseStatsJson;
import dev.holdfast.http.wire.FindingJson;
import dev.holdfast.http.wire.OptimizedJson;
import dev.holdfast.server.route.Answer;
import dev.holdfast.server.route.Call;
import dev.holdfast.server.route.Route;
import dev.holdfast.spi.TimeSource;
import dev.holdfast.spi.Upkeep;
import dev.holdfast.spi.Upkeep.BackupName;
import dev.holdfast.spi.Upkeep.BackupRequest;
import dev.holdfast.spi.Upkeep.Checkpoint;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Routes for maintenance of the whole queue; each reads or writes much and may take long. */
public final class MaintenanceRoutes {
  private static final String PATH = "/api/v1/maintenance";
  private static final int BYTES_MAX = 64 << 10;
  private static final int IDS_MAX = 100_000;
  private static final Set<String> AGES =
      new TreeSet<>(Set.of("older_than", "completed", "failed", "cancelled", "logs"));

  private final JobQueue queue;
  private final Upkeep upkeep;
  private final TimeSource time;

  /**
   * Creates the routes to the upkeep of this queue.
   *
   * @param upkeep the upkeep of its database
   * @param time the clock for the default names of backups
   */
  public MaintenanceRoutes(JobQueue queue, Upkeep upkeep, TimeSource time) {
    this.queue = queue;
    this.upkeep = upkeep;
    this.time = time;
  }

  /** Returns the routes. */
  public List<Route> routes() {
    return List.of(
        Route.of(POST, PATH + "/cleanup", this::cleanup).needs(ADMINISTER).optionalBody(BYTES_MAX),
        Route.of(POST, PATH + "/integrity-check", this::integrity).needs(ADMINISTER),
        Route.of(POST, PATH + "/checkpoint", this::checkpoint)
            .needs(ADMINISTER)
            .optionalBody(BYTES_MAX),
        Route.of(POST, PATH + "/analyze", this::analyze).needs(ADMINISTER),
        Route.of(POST, PATH + "/vacuum", this::vacuum).needs(ADMINISTER),
        Route.of(POST, PATH + "/optimize", this::optimize)
            .needs(ADMINISTER)
            .optionalBody(BYTES_MAX),
        Route.of(GET, PATH + "/stats", this::stats).needs(ADMINISTER),
        Route.of(POST, PATH + "/backup", this::backup).needs(ADMINISTER).optionalBody(BYTES_MAX));
  }

  /** Removes old jobs; the response has the total count, and of many ids only the first. */
  private Answer cleanup(Call call) {
    Fields fields = call.object();
    NewJobJson.checkFields("the body", fields.node(), AGES);
    List<JobId> removed = queue.maintenance().removeOld(retention(fields));
    List<JobId> first = removed.subList(0, Math.min(removed.size(), IDS_MAX));
    call.changed(first);
    return Answer.ok(Json.ofJobs(removed.size(), first));
  }

  private Answer checkpoint(Call call) {
    Fields fields = call.object();
    NewJobJson.checkFields("the body", fields.node(), Set.of("mode"));
    Checkpoint how =
        fields.maybeText("mode").map(UpkeepJson::checkpoint).orElse(Checkpoint.TRUNCATE);
    return Answer.ok(UpkeepJson.of(upkeep.checkpoint(how)));
  }

  private Answer analyze(Call call) {
    upkeep.analyze();
    return Answer.nothing();
  }

  private Answer vacuum(Call call) {
    return Answer.ok(UpkeepJson.of(upkeep.vacuum()));
  }

  private Answer optimize(Call call) {
    Fields fields = call.object();
    NewJobJson.checkFields("the body", fields.node(), Set.of("full"));
    boolean isFull = !fields.isNull("full") && fields.flag("full");
    return Answer.ok(OptimizedJson.of(isFull ? upkeep.rebuild() : upkeep.optimize()));
  }

  private Answer stats(Call call) {
    return Answer.ok(DatabaseStatsJson.of(upkeep.stats()));
  }

  private Answer backup(Call call) {
    Fields fields = call.object();
    NewJobJson.checkFields("the body", fields.node(), Set.of("name", "keep"));
    BackupName name =
        fields.maybeText("name").map(BackupName::new).orElseGet(() -> BackupName.at(time.now()));
    Optional<Integer> keep =
        fields.isNull("keep") ? Optional.empty() : Optional.of(fields.count("keep"));
    call.changed(List.of(name));
    return Answer.json(201, UpkeepJson.of(upkeep.backup(BackupRequest.named(name).keep(keep))));
  }

  /** Reads the ages; without any, the defaults apply, otherwise omitted states are kept. */
  private static Retention retention(Fields fields) {
    Optional<Duration> every = age(fields, "older_than");
    boolean isOwn = AGES.stream().anyMatch(name -> fields.has(name) && !name.equals("older_than"));
    if (every.isPresent() && isOwn) {
      throw new InvalidRequestException(
          "specify either older_than, for all finished jobs, or an age for each state");
    }
    return isOwn
        ? new Retention(
            age(fields, "completed"),
            age(fields, "failed"),
            age(fields, "cancelled"),
            age(fields, "logs"),
            Optional.empty(), // nobody may erase the audit log remotely
            Retention.defaults().interval())
        : every.map(Retention::finished).orElseGet(Retention::defaults);
  }

  private static Optional<Duration> age(Fields fields, String name) {
    return fields.maybeText(name).map(Durations::parse);
  }

  private Answer integrity(Call call) {
    List<Finding> findings = upkeep.verifyWith(queue.maintenance());
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("ok", findings.stream().allMatch(finding -> finding.gravity() == Gravity.NOTE));
    fields.put("findings", findings.stream().map(FindingJson::of).toList());
    return Answer.ok(fields);
  }
}
