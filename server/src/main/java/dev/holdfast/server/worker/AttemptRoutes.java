package dev.holdfast.server.worker;

import static dev.holdfast.server.worker.Bodies.ONE_BYTES_MAX;
import static dev.holdfast.server.worker.Bodies.PATH;
import static dev.holdfast.server.worker.Bodies.SMALL_BYTES_MAX;
import static dev.holdfast.server.worker.Bodies.names;
import static dev.holdfast.server.worker.Bodies.route;

import dev.holdfast.LogLine;
import dev.holdfast.Progress;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.http.Fields;
import dev.holdfast.http.Json;
import dev.holdfast.http.NewJobJson;
import dev.holdfast.server.route.Answer;
import dev.holdfast.server.route.Call;
import dev.holdfast.server.route.Handler;
import dev.holdfast.server.route.Route;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Lease;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.event.Level;
import tools.jackson.databind.JsonNode;

/** Routes for a worker's attempts: progress, log, checkpoints and acknowledgement. */
public final class AttemptRoutes {
  private static final String JOB = PATH + "jobs/{id}/";
  private static final int LINES_MAX = 1_000;
  private static final Set<String> PROGRESS_FIELDS = names("lease", "percent", "message");
  private static final Set<String> LOG_FIELDS = names("lease", "lines");
  private static final Set<String> LINE_FIELDS = names("level", "message", "details");
  private static final Set<String> CHECKPOINT_FIELDS = names("lease", "name", "state");

  private final RemoteWork work;

  /** Creates the routes. */
  public AttemptRoutes(RemoteWork work) {
    this.work = work;
  }

  /** Returns the routes. */
  public List<Route> routes() {
    List<Route> routes = new ArrayList<>();
    routes.add(route(JOB + "progress", this::progress, SMALL_BYTES_MAX));
    routes.add(route(JOB + "log", this::log, ONE_BYTES_MAX));
    routes.add(route(JOB + "checkpoint", this::checkpoint, ONE_BYTES_MAX));
    for (Ending ending : Ending.values()) {
      routes.add(route(JOB + ending.word(), ends(ending), ONE_BYTES_MAX));
    }
    return routes;
  }

  private Answer progress(Call call) {
    Fields body = Bodies.read(call, PROGRESS_FIELDS);
    Progress progress = new Progress(body.count("percent"), body.maybeText("message").orElse(""));
    work.note(lease(call, body), List.of(), Optional.of(progress));
    return Answer.nothing();
  }

  private Answer log(Call call) {
    Fields body = Bodies.read(call, LOG_FIELDS);
    Lease own = lease(call, body);
    List<LogLine> lines = body.list("lines", line -> line(own, line));
    if (lines.size() > LINES_MAX) {
      throw new InvalidRequestException(
          "field 'lines' has %d lines, expected at most %d".formatted(lines.size(), LINES_MAX));
    }
    work.note(own, lines, Optional.empty());
    return Answer.nothing();
  }

  private LogLine line(Lease own, Fields line) {
    NewJobJson.checkFields("a line", line.node(), LINE_FIELDS);
    return new LogLine(
        own.job(),
        own.attempt(),
        work.now(),
        line.isNull("level") ? Level.INFO : line.word("level", Level.class),
        line.text("message"),
        line.maybeObject("details").map(details -> details.node().toString()));
  }

  private Answer checkpoint(Call call) {
    Fields body = Bodies.read(call, CHECKPOINT_FIELDS);
    JsonNode state = body.any("state");
    work.checkpoint(
        lease(call, body),
        body.text("name"),
        state.isNull() ? Optional.empty() : Optional.of(Json.write(state)));
    return Answer.nothing();
  }

  private Lease lease(Call call, Fields body) {
    return work.lease(call.jobId("id"), body).lease();
  }

  private Handler ends(Ending how) {
    return call -> {
      Fields body = Bodies.read(call, how.fields());
      Acknowledgement end = work.acknowledgement(call.jobId("id"), how, body);
      return Answer.ok(Map.of("state", work.end(end).name()));
    };
  }
}
