package dev.holdfast.server.api;

import static dev.holdfast.server.access.Permission.ENQUEUE;
import static dev.holdfast.server.access.Permission.OPERATE;
import static dev.holdfast.server.access.Permission.SEE;
import static dev.holdfast.server.route.Method.DELETE;
import static dev.holdfast.server.route.Method.GET;
import static dev.holdfast.server.route.Method.PATCH;
import static dev.holdfast.server.route.Method.POST;

import dev.holdfast.ConflictException;
import dev.holdfast.Durations;
import dev.holdfast.Enqueued;
import dev.holdfast.InvalidRequestException;
import dev.holdfast.Job;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue;
import dev.holdfast.JobQueue.Changed;
import dev.holdfast.Limits;
import dev.holdfast.LogFilter;
import dev.holdfast.NewJob;
import dev.holdfast.NotFoundException;
import dev.holdfast.Page;
import dev.holdfast.PageRequest;
import dev.holdfast.Predecessor;
import dev.holdfast.Replacement;
import dev.holdfast.TraceContext;
import dev.holdfast.http.Fields;
import dev.holdfast.http.Json;
import dev.holdfast.http.NewJobJson;
import dev.holdfast.server.route.Answer;
import dev.holdfast.server.route.Exchange;
import dev.holdfast.server.route.Handler;
import dev.holdfast.server.route.Query;
import dev.holdfast.server.route.Route;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;
import tools.jackson.databind.JsonNode;

/** Jobs, one by one: enqueue, look, steer. */
public final class JobRoutes {
  private static final String PATH = "/api/v1/jobs";
  private static final String ONE = PATH + "/{id}";
  private static final int PAGE = 100;
  private static final int LOG_LINES = 1_000;

  private static final int JOBS_BYTES_MAX = 16 * Limits.PAYLOAD_BYTES_MAX;
  private static final int JOB_BYTES_MAX = 2 * Limits.PAYLOAD_BYTES_MAX;
  private static final int SMALL_BYTES_MAX = 64 << 10;

  private static final Set<String> SIGNAL = new TreeSet<>(Set.of("name", "payload"));
  private static final Set<String> REPLACEMENT =
      new TreeSet<>(Set.of("payload", "priority", "run_at", "delay"));

  private final JobQueue queue;
  private final Rendering rendering;
  private final ToIntFunction<String> attempts;
  private final Duration waitMax;

  /**
   * Of this queue.
   *
   * @param attempts how many attempts a job of a type has that does not say it itself
   * @param waitMax how long a request may wait for the end of a job
   */
  public JobRoutes(
      JobQueue queue, Rendering rendering, ToIntFunction<String> attempts, Duration waitMax) {
    this.queue = queue;
    this.rendering = rendering;
    this.attempts = attempts;
    this.waitMax = waitMax;
  }

  /** The routes. */
  public List<Route> routes() {
    return List.of(
        Route.of(POST, PATH, this::enqueue).needs(ENQUEUE).inScope().body(JOBS_BYTES_MAX),
        Route.of(GET, PATH, this::list)
            .needs(SEE)
            .inScope()
            .query("state", "queue", "type", "group", "ids", "after", "limit"),
        Route.of(GET, "/api/v1/logs", this::allLogs).needs(SEE).query("level", "limit"),
        Route.of(GET, "/api/v1/keys", this::findByKey).needs(SEE).query("type", "key", "group"),
        Route.of(GET, ONE, this::find).needs(SEE).inScope().query("wait"),
        Route.of(GET, ONE + "/events", this::events).needs(SEE).inScope(),
        Route.of(GET, ONE + "/logs", this::logs).needs(SEE).inScope().query("level", "limit"),
        Route.of(GET, ONE + "/checkpoints", this::checkpoints).needs(SEE).inScope(),
        Route.of(GET, ONE + "/predecessors", this::predecessors)
            .needs(SEE)
            .inScope()
            .query("from", "limit"),
        Route.of(GET, ONE + "/dependents", this::dependents)
            .needs(SEE)
            .inScope()
            .query("after", "limit"),
        Route.of(GET, ONE + "/explain", this::explain).needs(SEE).inScope(),
        Route.of(POST, ONE + "/cancel", changing("cancelled", queue::cancel))
            .needs(OPERATE)
            .inScope(),
        Route.of(POST, ONE + "/retry", changing("retried", queue::retry)).needs(OPERATE).inScope(),
        Route.of(POST, ONE + "/resume", changing("resumed", queue::resume))
            .needs(OPERATE)
            .inScope(),
        Route.of(PATCH, ONE, this::replace).needs(OPERATE).inScope().body(JOB_BYTES_MAX),
        Route.of(POST, ONE + "/signal", this::signal).needs(OPERATE).inScope().body(JOB_BYTES_MAX),
        Route.of(POST, ONE + "/reprioritize", this::reprioritize)
            .needs(OPERATE)
            .inScope()
            .body(SMALL_BYTES_MAX),
        Route.of(DELETE, ONE, this::delete).needs(OPERATE).inScope());
  }

  private Jobs jobs(Exchange exchange) {
    return new Jobs(queue, exchange.identity().scope());
  }

  private Answer enqueue(Exchange exchange) {
    JsonNode body = exchange.json();
    Optional<String> key = exchange.header("Idempotency-Key");
    if (!body.isArray()) {
      Enqueued enqueued = jobs(exchange).enqueue(List.of(job(exchange, body, key))).get(0);
      return Answer.json(enqueued.duplicate() ? 200 : 201, json(enqueued))
          .header("Location", PATH + "/" + enqueued.id());
    }
    if (key.isPresent()) {
      throw new InvalidRequestException(
          "Idempotency-Key is for one job: give each job of an array a key of its own");
    }
    List<NewJob> asked = new ArrayList<>();
    for (JsonNode item : body.values()) {
      asked.add(job(exchange, item, Optional.empty()));
    }
    List<Enqueued> enqueued = jobs(exchange).enqueue(asked);
    boolean isNew = enqueued.stream().anyMatch(one -> !one.duplicate());
    return Answer.json(isNew ? 201 : 200, enqueued.stream().map(JobRoutes::json).toList());
  }

  private NewJob job(Exchange exchange, JsonNode node, Optional<String> key) {
    NewJob job = NewJobJson.read(node, attempts);
    if (key.isPresent() && job.key().filter(own -> !key.get().equals(own)).isPresent()) {
      throw new InvalidRequestException(
          "the job has a key, and the header Idempotency-Key another one: give one of them");
    }
    job = key.map(job::unique).orElse(job);
    job = trace(exchange).map(job::trace).orElse(job);
    boolean isByOther = job.createdBy().isPresent() && exchange.identity().isLocal();
    return isByOther ? job : job.createdBy(exchange.by());
  }

  /** A header that is malformed is left out, and so is one that was sent twice. */
  private static Optional<TraceContext> trace(Exchange exchange) {
    return TraceContext.of(
        header(exchange, TraceContext.TRACEPARENT), header(exchange, TraceContext.TRACESTATE));
  }

  private static @Nullable String header(Exchange exchange, String name) {
    try {
      return exchange.header(name).orElse(null);
    } catch (InvalidRequestException several) {
      return null;
    }
  }

  private static Map<String, Object> json(Enqueued enqueued) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", enqueued.id().toString());
    fields.put("duplicate", enqueued.duplicate());
    return fields;
  }

  private Answer list(Exchange exchange) {
    return page(jobs(exchange).list(Selection.of(exchange.query()), page(exchange.query())));
  }

  private static PageRequest page(Query query) {
    PageRequest first = PageRequest.first(query.number("limit", 1, Limits.PAGE_MAX, PAGE));
    return query.jobId("after").map(first::after).orElse(first);
  }

  private Answer page(Page<Job> jobs) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("jobs", rendering.jobs(jobs.items()));
    fields.put("next", jobs.next().map(JobId::toString).orElse(null));
    return Answer.ok(fields);
  }

  private Answer find(Exchange exchange) {
    JobId id = exchange.jobId("id");
    Jobs jobs = jobs(exchange);
    Optional<Duration> wait = exchange.query().duration("wait", Duration.ZERO, waitMax);
    Job job = jobs.get(id);
    if (wait.isEmpty() || job.state().isFinished()) {
      return Answer.ok(rendering.job(job));
    }
    return new Answer.Later(
        jobs.await(id, wait.get())
            .exceptionally(late -> stillUnfinished(jobs, id, late))
            .thenApply(end -> Answer.ok(rendering.job(end))));
  }

  /** When the time is over, it is answered as it is. */
  private static Job stillUnfinished(Jobs jobs, JobId id, Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    if (cause instanceof TimeoutException || failure instanceof TimeoutException) {
      return jobs.get(id);
    }
    throw failure instanceof RuntimeException known
        ? known
        : new IllegalStateException("waiting failed: a bug", failure);
  }

  private Answer events(Exchange exchange) {
    Job job = jobs(exchange).get(exchange.jobId("id"));
    return Answer.ok(rendering.events(job, queue.events(job.id())));
  }

  private Answer logs(Exchange exchange) {
    return logs(exchange, Optional.of(exchange.jobId("id")));
  }

  private Answer allLogs(Exchange exchange) {
    return logs(exchange, Optional.empty());
  }

  private Answer logs(Exchange exchange, Optional<JobId> job) {
    LogFilter filter =
        new LogFilter(
            job,
            exchange.query().word("level", Level.class).orElse(Level.TRACE),
            exchange.query().number("limit", 1, Limits.LOG_LINES_MAX, LOG_LINES));
    return Answer.ok(rendering.logs(jobs(exchange).logs(filter)));
  }

  private Answer findByKey(Exchange exchange) {
    Query query = exchange.query();
    String type = required(query, "type");
    String key = required(query, "key");
    JobId id =
        queue
            .findByKey(type, key, query.text("group"))
            .orElseThrow(() -> new NotFoundException("this key is not known, or no longer"));
    return Answer.ok(Map.of("id", id.toString()));
  }

  private static String required(Query query, String name) {
    return query
        .text(name)
        .orElseThrow(
            () -> new InvalidRequestException("the parameter '%s' is missing".formatted(name)));
  }

  private Answer checkpoints(Exchange exchange) {
    Map<String, String> states = jobs(exchange).checkpoints(exchange.jobId("id"));
    return Answer.ok(Map.of("checkpoints", rendering.checkpoints(states)));
  }

  private Answer predecessors(Exchange exchange) {
    Query query = exchange.query();
    int from = query.number("from", 0, Limits.DEPENDENCIES_MAX, 0);
    int limit = query.number("limit", 1, Limits.PAGE_MAX, PAGE);
    List<Predecessor> part = jobs(exchange).predecessors(exchange.jobId("id"), from, limit);
    return Answer.ok(Map.of("predecessors", rendering.predecessors(part)));
  }

  private Answer dependents(Exchange exchange) {
    return page(jobs(exchange).dependents(exchange.jobId("id"), page(exchange.query())));
  }

  private Answer explain(Exchange exchange) {
    return Answer.ok(Json.of(jobs(exchange).explain(exchange.jobId("id"))));
  }

  private Handler changing(String done, BiFunction<List<JobId>, String, List<Changed>> change) {
    return exchange -> {
      JobId id = exchange.jobId("id");
      Jobs jobs = jobs(exchange);
      check(done, jobs.change(List.of(id), exchange.by(), change).get(0));
      return Answer.ok(rendering.job(jobs.get(id)));
    };
  }

  private static void check(String done, Changed changed) {
    if (!changed.done()) {
      throw changed
          .before()
          .<RuntimeException>map(
              state ->
                  new ConflictException(
                      "job %s is %s: it cannot be %s".formatted(changed.id(), state, done)))
          .orElseGet(() -> new NotFoundException("there is no job %s".formatted(changed.id())));
    }
  }

  /** The first of a name counts; whether this one was it. */
  private Answer signal(Exchange exchange) {
    Fields fields = exchange.object();
    NewJobJson.checkFields("the body", fields.node(), SIGNAL);
    String name = fields.text("name");
    boolean isTaken =
        jobs(exchange)
            .signal(exchange.jobId("id"), name, fields.node().get("payload"), exchange.by());
    return Answer.ok(Map.of("taken", isTaken));
  }

  private Answer replace(Exchange exchange) {
    JobId id = exchange.jobId("id");
    Fields fields = exchange.object();
    NewJobJson.checkFields("the body", fields.node(), REPLACEMENT);
    Replacement change = Replacement.of();
    change = fields.has("payload") ? change.payload(fields.any("payload")) : change;
    change = fields.isNull("priority") ? change : change.priority(fields.count("priority"));
    if (!fields.isNull("run_at") && !fields.isNull("delay")) {
      throw new InvalidRequestException("a job takes run_at or delay, both were given");
    }
    change = fields.isNull("run_at") ? change : change.at(fields.instant("run_at"));
    change = fields.isNull("delay") ? change : change.in(Durations.parse(fields.text("delay")));
    Jobs jobs = jobs(exchange);
    jobs.replace(id, change, exchange.by());
    return Answer.ok(rendering.job(jobs.get(id)));
  }

  private Answer reprioritize(Exchange exchange) {
    JobId id = exchange.jobId("id");
    Fields fields = exchange.object();
    NewJobJson.checkFields("the body", fields.node(), Set.of("priority"));
    Jobs jobs = jobs(exchange);
    jobs.replace(id, Replacement.of().priority(fields.count("priority")), exchange.by());
    return Answer.ok(rendering.job(jobs.get(id)));
  }

  private Answer delete(Exchange exchange) {
    JobId id = exchange.jobId("id");
    check(
        "deleted",
        jobs(exchange).change(List.of(id), exchange.by(), (ids, by) -> queue.delete(ids)).get(0));
    return Answer.nothing();
  }
}
