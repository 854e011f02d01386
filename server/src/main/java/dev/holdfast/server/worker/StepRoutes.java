package dev.holdfast.server.worker;

import static dev.holdfast.server.worker.Bodies.ONE_BYTES_MAX;
import static dev.holdfast.server.worker.Bodies.PATH;
import static dev.holdfast.server.worker.Bodies.SMALL_BYTES_MAX;
import static dev.holdfast.server.worker.Bodies.names;
import static dev.holdfast.server.worker.Bodies.route;

import dev.holdfast.Enqueued;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.Predecessor;
import dev.holdfast.check.Check;
import dev.holdfast.check.Durations;
import dev.holdfast.check.Limits;
import dev.holdfast.check.Names;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.handlers.webhook.Webhooks;
import dev.holdfast.http.Fields;
import dev.holdfast.http.Json;
import dev.holdfast.http.NewJobJson;
import dev.holdfast.http.Redaction;
import dev.holdfast.http.wire.PredecessorJson;
import dev.holdfast.server.route.Answer;
import dev.holdfast.server.route.Call;
import dev.holdfast.server.route.Route;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.HandlerOutput;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.StepCycle;
import dev.holdfast.spi.StepStore;
import dev.holdfast.spi.StepStore.Finished;
import dev.holdfast.spi.StepWait;
import dev.holdfast.spi.Transition;
import dev.holdfast.step.Step;
import dev.holdfast.step.StepKind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.util.RawValue;

/**
 * Routes for the steps of a worker's attempts. A wait that is over is answered; another one ends
 * the attempt, and the worker asks again when it has claimed the job the next time.
 */
public final class StepRoutes {
  private static final String JOB = PATH + "jobs/{id}/";
  private static final int JOBS_BYTES_MAX = 16 * Limits.PAYLOAD_BYTES_MAX;
  private static final Set<String> STEP_FIELDS = names("lease", "name", "result", "ran_ms");
  private static final Set<String> SLEEP_FIELDS = names("lease", "name", "delay", "ran_ms");
  private static final Set<String> SIGNAL_FIELDS = names("lease", "name", "timeout", "ran_ms");
  private static final Set<String> JOBS_FIELDS = names("lease", "name", "jobs", "ran_ms");

  private final RemoteWork work;
  private final JobStore store;
  private final StepStore steps;
  private final JobQueue queue;
  private final ToIntFunction<String> attempts;

  /**
   * Creates the routes.
   *
   * @param attempts the maximum number of attempts of a type's jobs that do not set it
   */
  public StepRoutes(
      RemoteWork work, JobStore store, JobQueue queue, ToIntFunction<String> attempts) {
    this.work = work;
    this.store = store;
    this.steps = store.steps();
    this.queue = queue;
    this.attempts = attempts;
  }

  /** Returns the routes. */
  public List<Route> routes() {
    return List.of(
        route(JOB + "step", this::step, ONE_BYTES_MAX),
        route(JOB + "sleep", this::sleep, SMALL_BYTES_MAX),
        route(JOB + "await-signal", this::awaitSignal, SMALL_BYTES_MAX),
        route(JOB + "await-jobs", this::awaitJobs, JOBS_BYTES_MAX));
  }

  /** A request about one step: its attempt, its name, and what is recorded of it. */
  private record Asked(Lease lease, Fields body, String name, Optional<Step> before, Instant at) {
    private boolean isFinished() {
      return before.filter(Step::isFinished).isPresent();
    }

    private boolean isOver() {
      return before.flatMap(Step::until).filter(until -> !until.isAfter(at)).isPresent();
    }
  }

  private Asked asked(Call call, Set<String> fields, StepKind kind) {
    Fields body = Bodies.read(call, fields);
    Lease lease = work.lease(call.jobId("id"), body).lease();
    String name = body.text("name");
    Names.check("step", name);
    StepStore.Recorded recorded = steps.of(lease.job());
    Optional<Step> before =
        recorded.steps().stream().filter(step -> step.name().equals(name)).findFirst();
    if (before.filter(step -> step.kind() != kind).isPresent()) {
      throw new InvalidRequestException(
          "step '%s' is recorded as %s, not as %s: give the new one another name"
              .formatted(name, before.get().kind(), kind));
    }
    if (before.isEmpty() && recorded.steps().size() >= Limits.STEPS_MAX) {
      throw new InvalidRequestException(
          "a job has at most %,d steps, '%s' would be one more".formatted(Limits.STEPS_MAX, name));
    }
    return new Asked(lease, body, name, before, recorded.at());
  }

  private Answer step(Call call) {
    Asked asked = asked(call, STEP_FIELDS, StepKind.WORK);
    JsonNode result = asked.body.any("result");
    Optional<String> json = result.isNull() ? Optional.empty() : Optional.of(Json.write(result));
    json.ifPresent(text -> checkSize(asked.name, text));
    steps.finish(asked.lease, new Finished(asked.name, StepKind.WORK, json, ran(asked)));
    return Answer.nothing();
  }

  private static void checkSize(String name, String json) {
    int bytes = json.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > Limits.STEP_BYTES_MAX) {
      throw new InvalidRequestException(
          "the result of step '%s' has %,d bytes of JSON, at most %,d are kept: store it elsewhere and send where"
              .formatted(name, bytes, Limits.STEP_BYTES_MAX));
    }
  }

  private static Duration ran(Asked asked) {
    return asked.body.maybeNumber("ran_ms").map(RemoteWork::millis).orElse(Duration.ZERO);
  }

  private Answer sleep(Call call) {
    Asked asked = asked(call, SLEEP_FIELDS, StepKind.SLEEP);
    Duration length = Durations.parse(asked.body.text("delay"));
    Check.delay(length);
    if (asked.isFinished()) {
      return done(Map.of());
    }
    if (!asked.isOver()) {
      return suspended(asked, StepWait.sleep(asked.name, length));
    }
    finish(asked, StepKind.SLEEP, Optional.empty());
    return done(Map.of());
  }

  private Answer awaitSignal(Call call) {
    Asked asked = asked(call, SIGNAL_FIELDS, StepKind.SIGNAL);
    Duration timeout = Durations.parse(asked.body.text("timeout"));
    Check.range(
        "the time to wait for a signal",
        timeout,
        Duration.ofMillis(1),
        Duration.ofDays(Limits.DELAY_DAYS_MAX));
    if (asked.isFinished()) {
      return payload(asked.before.flatMap(Step::result));
    }
    Optional<String> sent = store.signal(asked.lease.job(), asked.name);
    if (sent.isEmpty() && !asked.isOver()) {
      return suspended(asked, StepWait.signal(asked.name, timeout));
    }
    finish(asked, StepKind.SIGNAL, sent);
    return payload(sent);
  }

  private static Answer payload(Optional<String> json) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("taken", json.isPresent());
    fields.put("payload", json.map(RawValue::new).orElse(null));
    return done(fields);
  }

  private Answer awaitJobs(Call call) {
    Asked asked = asked(call, JOBS_FIELDS, StepKind.JOBS);
    if (asked.before.isEmpty()) {
      return suspended(asked, StepWait.jobs(asked.name, enqueued(call, asked)));
    }
    int from = StepWait.firstPosition(asked.before.get().position());
    List<Predecessor> jobs =
        store.lookup().predecessors(asked.lease.job(), from, Limits.STEP_JOBS_MAX);
    boolean areEnded = jobs.stream().allMatch(job -> job.state().isFinished());
    if (!asked.isFinished() && !areEnded) {
      return suspended(asked, StepWait.jobs(asked.name, ids(asked.before.get())));
    }
    if (!asked.isFinished()) {
      finish(asked, StepKind.JOBS, Optional.empty());
    }
    return done(Map.of("jobs", jobs.stream().map(job -> json(job, from)).toList()));
  }

  private static List<JobId> ids(Step step) {
    List<JobId> ids = new ArrayList<>();
    Json.read("the jobs", step.result().orElse("[]"))
        .forEach(id -> ids.add(JobId.parse(id.asString())));
    return ids;
  }

  private static PredecessorJson json(Predecessor job, int from) {
    return PredecessorJson.of(job, Redaction.none()).at(job.position() - from);
  }

  /** Enqueues the jobs once, however often a worker asks, while its lease holds. */
  private List<JobId> enqueued(Call call, Asked asked) {
    List<Fields> given = asked.body.list("jobs", job -> job);
    Check.range("the number of jobs of a step", given.size(), 0, Limits.STEP_JOBS_MAX);
    List<NewJob> jobs = new ArrayList<>();
    for (Fields one : given) {
      NewJob job = NewJobJson.read(one.node(), attempts).createdBy(call.by());
      Webhooks.checkIsNoDelivery(job);
      jobs.add(job);
    }
    JobId own = asked.lease.job();
    List<NewJob> keyed = StepWait.keyed(own, asked.name, jobs);
    work.checkHeld(asked.lease);
    List<Enqueued> enqueued = queue.enqueue(keyed);
    StepCycle.check(store, own, asked.name, keyed, enqueued);
    return enqueued.stream().map(Enqueued::id).toList();
  }

  private void finish(Asked asked, StepKind kind, Optional<String> result) {
    steps.finish(asked.lease, new Finished(asked.name, kind, result, Duration.ZERO));
  }

  private static Answer done(Map<String, @Nullable Object> more) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("done", true);
    fields.putAll(more);
    return Answer.ok(fields);
  }

  /** Ends the attempt, and with it the lease. */
  private Answer suspended(Asked asked, StepWait wait) {
    Acknowledgement end =
        new Acknowledgement(
            asked.lease, new Transition.Suspend(wait), ran(asked), HandlerOutput.none(asked.lease));
    JobState state = work.end(end);
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("done", false);
    fields.put("state", state.name());
    return Answer.ok(fields);
  }
}
