package dev.holdfast.server.worker;

import static dev.holdfast.server.worker.Bodies.PATH;
import static dev.holdfast.server.worker.Bodies.names;
import static dev.holdfast.server.worker.Bodies.route;

import dev.holdfast.JobId;
import dev.holdfast.NodeId;
import dev.holdfast.TraceContext;
import dev.holdfast.check.Durations;
import dev.holdfast.check.Limits;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.http.Fields;
import dev.holdfast.http.Json;
import dev.holdfast.http.NewJobJson;
import dev.holdfast.http.Redaction;
import dev.holdfast.http.wire.StepJson;
import dev.holdfast.server.route.Answer;
import dev.holdfast.server.route.Call;
import dev.holdfast.server.route.Route;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.AttemptEnd;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.Registration;
import dev.holdfast.spi.ServedWork;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.util.RawValue;

/** The route for claims, with acknowledgements of earlier attempts in the same transaction. */
public final class ClaimRoutes {
  private static final int MANY_BYTES_MAX = 16 * Limits.RESULT_BYTES_MAX;
  private static final Set<String> FIELDS =
      names("worker", "types", "queues", "capabilities", "limit", "wait", "ends");

  private final RemoteWork work;
  private final Duration waitMax;

  /**
   * Creates the route.
   *
   * @param waitMax the maximum wait of a claim for work
   */
  public ClaimRoutes(RemoteWork work, Duration waitMax) {
    this.work = work;
    this.waitMax = waitMax;
  }

  /** Returns the routes. */
  public List<Route> routes() {
    return List.of(route(PATH + "claim", this::claim, MANY_BYTES_MAX));
  }

  /**
   * Claims jobs. A request with acknowledgements does not wait, as its worker has free slots to
   * fill.
   */
  private Answer claim(Call call) {
    Fields body = Bodies.read(call, FIELDS);
    Set<JobId> unknown = new LinkedHashSet<>();
    List<Acknowledgement> ends = ends(body, unknown);
    Duration wait = wait(body);
    Claim claim = asked(body);
    var now = work.exchange(ends, claim);
    boolean hasTold = !ends.isEmpty() || !unknown.isEmpty();
    if (!now.claimed().isEmpty() || hasTold || claim.limit() == 0 || wait.isZero()) {
      return Answer.ok(json(now, unknown));
    }
    return new Answer.Later(later(work.claim(claim, wait)));
  }

  /** Reads the claim; omitted fields are those of the registration. */
  private Claim asked(Fields body) {
    NodeId worker = Bodies.worker(body);
    ServedWork own =
        work.registration(worker)
            .map(Registration::serves)
            .orElse(new ServedWork(List.of(), Map.of(), 1));
    return new Claim(
        worker,
        body.isNull("queues") ? own.queues() : Bodies.queues(body),
        body.isNull("types") ? own.types().keySet() : Bodies.types(body),
        body.isNull("capabilities") ? own.capabilities() : Bodies.capabilities(body),
        limit(body));
  }

  /** Returns the future response; if it ends otherwise, nothing more is claimed for it. */
  private CompletableFuture<Answer.Now> later(CompletableFuture<dev.holdfast.spi.Exchange> claim) {
    CompletableFuture<Answer.Now> answer =
        claim.thenApply(claimed -> Answer.ok(json(claimed, Set.of())));
    var unused = answer.whenComplete((sent, failure) -> claim.cancel(false));
    return answer;
  }

  /**
   * Reads the acknowledgements of a worker.
   *
   * @param unknown receives the jobs whose lease was not issued by a server
   */
  private List<Acknowledgement> ends(Fields body, Set<JobId> unknown) {
    List<Fields> told = body.isNull("ends") ? List.of() : body.list("ends", end -> end);
    if (told.size() > Limits.CLAIM_BATCH_MAX) {
      throw new InvalidRequestException(
          "field 'ends' has %d ends, expected at most %d"
              .formatted(told.size(), Limits.CLAIM_BATCH_MAX));
    }
    List<Acknowledgement> ends = new ArrayList<>();
    for (Fields end : told) {
      Ending how = Ending.of(end.text("how"));
      NewJobJson.checkFields("an end", end.node(), how.fieldsInList());
      JobId job = JobId.parse(end.text("id"));
      Optional<LeaseText> lease = work.findLease(job, end);
      lease.ifPresentOrElse(
          own -> ends.add(work.acknowledgement(own, how, end)), () -> unknown.add(job));
    }
    return ends;
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

  private Map<String, Object> json(dev.holdfast.spi.Exchange call, Set<JobId> unknown) {
    Instant now = work.now();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("jobs", call.claimed().stream().map(job -> json(job, now)).toList());
    Set<JobId> stale = new LinkedHashSet<>(unknown);
    List<Map<String, Object>> contradicted = new ArrayList<>();
    for (Lease lease : call.stale()) {
      work.contradicted(lease)
          .ifPresentOrElse(
              before -> contradicted.add(json(lease, before)), () -> stale.add(lease.job()));
    }
    fields.put("stale", stale.stream().map(JobId::toString).toList());
    fields.put("contradicted", contradicted);
    fields.put("set_aside", call.setAside().stream().map(end -> end.job().toString()).toList());
    return fields;
  }

  /** Returns the earlier end that contradicts this acknowledgement. */
  private static Map<String, Object> json(Lease lease, AttemptEnd before) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", lease.job().toString());
    before.kind().ifPresent(kind -> fields.put("ended_as", RemoteWork.word(kind)));
    fields.put("state", before.state().name());
    return fields;
  }

  private Map<String, @Nullable Object> json(Claimed job, Instant now) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("id", job.lease().job().toString());
    fields.put("lease", work.sign(job.lease(), now));
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
    fields.put(
        "steps",
        work.steps(job.lease()).stream().map(step -> StepJson.of(step, Redaction.none())).toList());
    return fields;
  }
}
