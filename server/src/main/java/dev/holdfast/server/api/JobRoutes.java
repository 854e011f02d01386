package dev.holdfast.server.api;

import static dev.holdfast.server.access.Permission.ENQUEUE;
import static dev.holdfast.server.access.Permission.OPERATE;
import static dev.holdfast.server.access.Permission.SEE;
import static dev.holdfast.server.route.Method.DELETE;
import static dev.holdfast.server.route.Method.GET;
import static dev.holdfast.server.route.Method.PATCH;
import static dev.holdfast.server.route.Method.POST;

import dev.holdfast.Enqueued;
import dev.holdfast.Holdfast;
import dev.holdfast.Job;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue;
import dev.holdfast.JobQueue.Changed;
import dev.holdfast.JobUpdate;
import dev.holdfast.LogFilter;
import dev.holdfast.NewJob;
import dev.holdfast.Page;
import dev.holdfast.PageCursor;
import dev.holdfast.PageRequest;
import dev.holdfast.Predecessor;
import dev.holdfast.TraceContext;
import dev.holdfast.check.Durations;
import dev.holdfast.check.Limits;
import dev.holdfast.error.BusyException;
import dev.holdfast.error.ConflictException;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.error.NotFoundException;
import dev.holdfast.http.Fields;
import dev.holdfast.http.NewJobJson;
import dev.holdfast.http.wire.EnqueuedJson;
import dev.holdfast.http.wire.ExplanationJson;
import dev.holdfast.http.wire.JobJson;
import dev.holdfast.http.wire.JobPageJson;
import dev.holdfast.server.route.Answer;
import dev.holdfast.server.route.Call;
import dev.holdfast.server.route.Handler;
import dev.holdfast.server.route.Query;
import dev.holdfast.server.route.Route;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;
import tools.jackson.databind.JsonNode;

/** Routes for single jobs: enqueue, read, control. */
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

  private final Holdfast holdfast;
  private final JobQueue queue;
  private final Rendering rendering;
  private final Selection selection;
  private final ToIntFunction<String> attempts;
  private final Duration waitMax;

  /**
   * Creates the routes to the jobs of this queue.
   *
   * @param attempts the maximum number of attempts of a type's jobs that do not set it
   * @param waitMax the maximum wait of a request for the end of a job
   */
  public JobRoutes(
      Holdfast holdfast, Rendering rendering, ToIntFunction<String> attempts, Duration waitMax) {
    this.holdfast = holdfast;
    this.queue = holdfast.queue();
    this.rendering = rendering;
    this.selection = rendering.selection();
    this.attempts = attempts;
    this.waitMax = waitMax;
  }

  /** Returns the routes. */
  public List<Route> routes() {
    return List.of(
        Route.of(POST, PATH, this::enqueue).needs(ENQUEUE).inScope().body(JOBS_BYTES_MAX),
        Route.of(GET, PATH, this::list)
            .needs(SEE)
            .inScope()
            .query(Selection.parameters("include", "after", "limit"))
            .freeQuery(),
        Route.of(GET, "/api/v1/logs", this::allLogs).needs(SEE).query("level", "limit"),
        Route.of(GET, "/api/v1/keys", this::findByKey).needs(SEE).query("type", "key", "group"),
        Route.of(GET, ONE, this::find).needs(SEE).inScope().query("wait"),
        Route.of(GET, ONE + "/events", this::events).needs(SEE).inScope(),
        Route.of(GET, ONE + "/logs", this::logs).needs(SEE).inScope().query("level", "limit"),
        Route.of(GET, ONE + "/checkpoints", this::checkpoints).needs(SEE).inScope(),
        Route.of(GET, ONE + "/steps", this::steps).needs(SEE).inScope(),
        Route.of(GET, ONE + "/predecessors", this::predecessors)
            .needs(SEE)
            .inScope()
            .query("from", "limit"),
        Route.of(GET, ONE + "/dependents", this::dependents)
            .needs(SEE)
            .inScope()
            .query("include", "after", "limit"),
        Route.of(GET, ONE + "/explain", this::explain).needs(SEE).inScope(),
        Route.of(POST, ONE + "/cancel", changing("cancelled", jobs -> jobs::cancel))
            .needs(OPERATE)
            .inScope(),
        Route.of(POST, ONE + "/retry", this::retry).needs(OPERATE).inScope().query("from"),
        Route.of(POST, ONE + "/resume", changing("resumed", jobs -> jobs::resume))
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

  private Jobs jobs(Call call) {
    return new Jobs(holdfast, call.identity().scope());
  }

  private Answer enqueue(Call call) {
    JsonNode body = call.json();
    Optional<String> key = call.header("Idempotency-Key");
    if (!body.isArray()) {
      Enqueued enqueued = jobs(call).enqueue(List.of(job(call, body, key))).get(0);
      return Answer.json(enqueued.duplicate() ? 200 : 201, EnqueuedJson.of(enqueued))
          .header("Location", PATH + "/" + enqueued.id());
    }
    if (key.isPresent()) {
      throw new InvalidRequestException(
          "Idempotency-Key applies to one job: set a key for each job of an array");
    }
    List<NewJob> asked = new ArrayList<>();
    for (JsonNode item : body.values()) {
      asked.add(job(call, item, Optional.empty()));
    }
    List<Enqueued> enqueued = jobs(call).enqueue(asked);
    boolean isNew = enqueued.stream().anyMatch(one -> !one.duplicate());
    return Answer.json(isNew ? 201 : 200, enqueued.stream().map(EnqueuedJson::of).toList());
  }

  private NewJob job(Call call, JsonNode node, Optional<String> key) {
    NewJob job = NewJobJson.read(node, attempts);
    if (key.isPresent() && job.key().filter(own -> !key.get().equals(own)).isPresent()) {
      throw new InvalidRequestException(
          "the job's key differs from the header Idempotency-Key: send only one of them");
    }
    job = key.map(job::unique).orElse(job);
    job = trace(call).map(job::trace).orElse(job);
    boolean isByOther = job.createdBy().isPresent() && call.identity().isLocal();
    return isByOther ? job : job.createdBy(call.by());
  }

  /** Reads the trace headers; malformed or repeated ones are ignored. */
  private static Optional<TraceContext> trace(Call call) {
    return TraceContext.of(
        header(call, TraceContext.TRACEPARENT), header(call, TraceContext.TRACESTATE));
  }

  private static @Nullable String header(Call call, String name) {
    try {
      return call.header(name).orElse(null);
    } catch (InvalidRequestException several) {
      return null;
    }
  }

  private Answer list(Call call) {
    JobFilter filter = selection.of(call.query(), "include", "after", "limit");
    filter.checkOrder();
    Page<Job> page = jobs(call).list(filter, page(call.query()));
    return Answer.ok(JobPageJson.of(rendered(call, selection.visible(filter, page.items())), page));
  }

  private static PageRequest page(Query query) {
    PageRequest first = PageRequest.first(query.number("limit", 1, Limits.PAGE_MAX, PAGE));
    return query.text("after").map(PageCursor::parse).map(first::after).orElse(first);
  }

  /** The parts of a list that are left out unless requested. */
  private enum Include {
    /** Payloads and results of any length. */
    PAYLOAD
  }

  private List<JobJson> rendered(Call call, List<Job> jobs) {
    boolean isWhole = !call.query().words("include", Include.class).isEmpty();
    return isWhole ? rendering.jobs(jobs) : rendering.listed(jobs);
  }

  private Answer find(Call call) {
    JobId id = call.jobId("id");
    Jobs jobs = jobs(call);
    Optional<Duration> wait = call.query().duration("wait", Duration.ZERO, waitMax);
    Job job = jobs.get(id);
    if (wait.isEmpty() || job.state().isFinished()) {
      return Answer.ok(rendering.job(job));
    }
    return new Answer.Later(
        jobs.await(id, wait.get())
            .exceptionally(late -> stillUnfinished(jobs, id, late))
            .thenApply(end -> Answer.ok(rendering.job(end))));
  }

  /** Returns the unfinished job after a timeout. */
  private static Job stillUnfinished(Jobs jobs, JobId id, Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    if (cause instanceof TimeoutException || failure instanceof TimeoutException) {
      return jobs.get(id);
    }
    throw failure instanceof RuntimeException known
        ? known
        : new IllegalStateException("waiting failed: a bug", failure);
  }

  private Answer events(Call call) {
    Jobs jobs = jobs(call);
    Job job = jobs.get(call.jobId("id"));
    return Answer.ok(Map.of("events", rendering.events(job, jobs.events(job))));
  }

  private Answer logs(Call call) {
    return logs(call, Optional.of(call.jobId("id")));
  }

  private Answer allLogs(Call call) {
    return logs(call, Optional.empty());
  }

  private Answer logs(Call call, Optional<JobId> job) {
    LogFilter filter =
        new LogFilter(
            job,
            call.query().word("level", Level.class).orElse(Level.TRACE),
            call.query().number("limit", 1, Limits.LOG_LINES_MAX, LOG_LINES));
    return Answer.ok(Map.of("logs", rendering.logs(jobs(call).logs(filter))));
  }

  private Answer findByKey(Call call) {
    Query query = call.query();
    String type = required(query, "type");
    String key = required(query, "key");
    JobId id =
        queue
            .findByKey(type, key, query.text("group").orElse(null))
            .orElseThrow(() -> new NotFoundException("this key is unknown or has expired"));
    return Answer.ok(Map.of("id", id.toString()));
  }

  private static String required(Query query, String name) {
    return query
        .text(name)
        .orElseThrow(
            () -> new InvalidRequestException("the parameter '%s' is missing".formatted(name)));
  }

  private Answer checkpoints(Call call) {
    Map<String, String> states = jobs(call).checkpoints(call.jobId("id"));
    return Answer.ok(Map.of("checkpoints", rendering.checkpoints(states)));
  }

  private Answer steps(Call call) {
    return Answer.ok(Map.of("steps", rendering.steps(jobs(call).steps(call.jobId("id")))));
  }

  private Answer retry(Call call) {
    JobId id = call.jobId("id");
    Jobs jobs = jobs(call);
    Optional<String> from = call.query().text("from");
    Changed changed =
        from.isPresent()
            ? jobs.retryFrom(id, from.get(), call.by())
            : jobs.retry(List.of(id), call.by()).get(0);
    check("retried", changed);
    return Answer.ok(rendering.job(jobs.get(id)));
  }

  private Answer predecessors(Call call) {
    Query query = call.query();
    int from = query.number("from", 0, Limits.DEPENDENCIES_MAX, 0);
    int limit = query.number("limit", 1, Limits.PAGE_MAX, PAGE);
    List<Predecessor> part = jobs(call).predecessors(call.jobId("id"), from, limit);
    return Answer.ok(Map.of("predecessors", rendering.predecessors(part)));
  }

  private Answer dependents(Call call) {
    Page<Job> page = jobs(call).dependents(call.jobId("id"), page(call.query()));
    return Answer.ok(JobPageJson.unsearched(rendered(call, page.items()), page));
  }

  private Answer explain(Call call) {
    return Answer.ok(ExplanationJson.of(jobs(call).explain(call.jobId("id"))));
  }

  private Handler changing(
      String done, Function<Jobs, BiFunction<List<JobId>, String, List<Changed>>> change) {
    return call -> {
      JobId id = call.jobId("id");
      Jobs jobs = jobs(call);
      check(done, change.apply(jobs).apply(List.of(id), call.by()).get(0));
      return Answer.ok(rendering.job(jobs.get(id)));
    };
  }

  private static void check(String done, Changed changed) {
    if (changed.heldBy().isPresent()) {
      throw new BusyException(
          "job %s is held by %s and was not changed: try again"
              .formatted(changed.id(), changed.heldBy().get()));
    }
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

  /**
   * Sends a signal; the response says whether it was the first of its name, which is the one that
   * counts.
   */
  private Answer signal(Call call) {
    Fields fields = call.object();
    NewJobJson.checkFields("the body", fields.node(), SIGNAL);
    String name = fields.text("name");
    boolean isTaken =
        jobs(call).signal(call.jobId("id"), name, fields.node().get("payload"), call.by());
    return Answer.ok(Map.of("taken", isTaken));
  }

  private Answer replace(Call call) {
    JobId id = call.jobId("id");
    Fields fields = call.object();
    NewJobJson.checkFields("the body", fields.node(), REPLACEMENT);
    JobUpdate change = JobUpdate.of();
    change = fields.has("payload") ? change.payload(fields.any("payload")) : change;
    change = fields.isNull("priority") ? change : change.priority(fields.count("priority"));
    if (!fields.isNull("run_at") && !fields.isNull("delay")) {
      throw new InvalidRequestException("run_at and delay cannot be combined");
    }
    change = fields.isNull("run_at") ? change : change.at(fields.instant("run_at"));
    change = fields.isNull("delay") ? change : change.in(Durations.parse(fields.text("delay")));
    Jobs jobs = jobs(call);
    jobs.replace(id, change, call.by());
    return Answer.ok(rendering.job(jobs.get(id)));
  }

  private Answer reprioritize(Call call) {
    JobId id = call.jobId("id");
    Fields fields = call.object();
    NewJobJson.checkFields("the body", fields.node(), Set.of("priority"));
    Jobs jobs = jobs(call);
    jobs.replace(id, JobUpdate.of().priority(fields.count("priority")), call.by());
    return Answer.ok(rendering.job(jobs.get(id)));
  }

  private Answer delete(Call call) {
    JobId id = call.jobId("id");
    check("deleted", jobs(call).delete(List.of(id), call.by()).get(0));
    return Answer.nothing();
  }
}
