package dev.holdfast.server.worker;

import static dev.holdfast.server.worker.Bodies.PATH;
import static dev.holdfast.server.worker.Bodies.names;
import static dev.holdfast.server.worker.Bodies.route;

import dev.holdfast.Durations;
import dev.holdfast.InvalidRequestException;
import dev.holdfast.JobId;
import dev.holdfast.Limits;
import dev.holdfast.TraceContext;
import dev.holdfast.http.Fields;
import dev.holdfast.http.Json;
import dev.holdfast.http.NewJobJson;
import dev.holdfast.server.route.Answer;
import dev.holdfast.server.route.Exchange;
import dev.holdfast.server.route.Route;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Claimed;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.util.RawValue;

/** Claims, with the ends of earlier attempts in the same transaction. */
public final class ClaimRoutes {
  private static final int MANY_BYTES_MAX = 16 * Limits.RESULT_BYTES_MAX;
  private static final Set<String> FIELDS =
      names("worker", "types", "queues", "capabilities", "limit", "wait", "ends");

  private final RemoteWork work;
  private final Duration waitMax;

  /**
   * Over this.
   *
   * @param waitMax how long a claim may wait for work
   */
  public ClaimRoutes(RemoteWork work, Duration waitMax) {
    this.work = work;
    this.waitMax = waitMax;
  }

  /** The routes. */
  public List<Route> routes() {
    return List.of(route(PATH + "claim", this::claim, MANY_BYTES_MAX));
  }

  /** Whoever tells of ends is answered at once, as the worker has free slots to fill. */
  private Answer claim(Exchange exchange) {
    Fields body = Bodies.read(exchange, FIELDS);
    List<Acknowledgement> ends = ends(body);
    Duration wait = wait(body);
    Claim claim =
        new Claim(
            Bodies.worker(body),
            Bodies.queues(body),
            Bodies.types(body),
            Bodies.capabilities(body),
            limit(body));
    var now = work.exchange(ends, claim);
    if (!now.claimed().isEmpty() || !ends.isEmpty() || claim.limit() == 0 || wait.isZero()) {
      return Answer.ok(json(now));
    }
    return new Answer.Later(work.claim(claim, wait).thenApply(later -> Answer.ok(json(later))));
  }

  private List<Acknowledgement> ends(Fields body) {
    List<Acknowledgement> ends = body.isNull("ends") ? List.of() : body.list("ends", this::end);
    if (ends.size() > Limits.CLAIM_BATCH_MAX) {
      throw new InvalidRequestException(
          "field 'ends' has %d ends, expected at most %d"
              .formatted(ends.size(), Limits.CLAIM_BATCH_MAX));
    }
    return ends;
  }

  private Acknowledgement end(Fields end) {
    Ending how = Ending.of(end.text("how"));
    NewJobJson.checkFields("an end", end.node(), how.fieldsInList());
    return work.acknowledgement(JobId.parse(end.text("id")), how, end);
  }

  private static int limit(Fields body) {
    int limit = body.isNull("limit") ? 1 : body.count("limit");
    if (limit < 0 || limit > Limits.CLAIM_BATCH_MAX) {
      throw new InvalidRequestException(
          "field 'limit' is %d, expected 0 to %d".formatted(limit, Limits.CLAIM_BATCH_MAX));
    }
    return limit;
  }

  private Duration wait(Fields body) {
    Duration wait = body.maybeText("wait").map(Durations::parse).orElse(Duration.ZERO);
    if (wait.compareTo(waitMax) > 0) {
      throw new InvalidRequestException(
          "field 'wait' is %s, expected at most %s"
              .formatted(Durations.write(wait), Durations.write(waitMax)));
    }
    return wait;
  }

  private Map<String, Object> json(dev.holdfast.spi.Exchange exchange) {
    Instant now = work.now();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("jobs", exchange.claimed().stream().map(job -> json(job, now)).toList());
    fields.put("stale", exchange.stale().stream().map(end -> end.job().toString()).toList());
    return fields;
  }

  private Map<String, @Nullable Object> json(Claimed job, Instant now) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("id", job.lease().job().toString());
    fields.put("lease", new LeaseText(job.lease(), now).toString());
    fields.put("queue", job.queue());
    fields.put("type", job.type());
    fields.put("payload", new RawValue(job.payload()));
    fields.put("payload_version", job.payloadVersion());
    fields.put("attempt", job.lease().attempt());
    fields.put("max_attempts", job.maxAttempts());
    fields.put("crashes", job.crashes());
    fields.put("token", job.lease().token());
    fields.put(
        "timeout_seconds", work.timeout(job).map(limit -> limit.toMillis() / 1000.0).orElse(null));
    Optional<TraceContext> trace = job.trace();
    fields.put(TraceContext.TRACEPARENT, trace.map(TraceContext::traceparent).orElse(null));
    fields.put(TraceContext.TRACESTATE, trace.flatMap(TraceContext::tracestate).orElse(null));
    fields.put("checkpoints", Json.ofCheckpoints(work.checkpoints(job.lease())));
    return fields;
  }
}
