package dev.holdfast.server.api;

import static dev.holdfast.server.access.Permission.OPERATE;
import static dev.holdfast.server.route.Method.POST;

import dev.holdfast.InvalidRequestException;
import dev.holdfast.Job;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue;
import dev.holdfast.JobQueue.Changed;
import dev.holdfast.JobState;
import dev.holdfast.Limits;
import dev.holdfast.MonitorConfig;
import dev.holdfast.Page;
import dev.holdfast.PageRequest;
import dev.holdfast.Printable;
import dev.holdfast.RecoveryPolicy;
import dev.holdfast.http.Fields;
import dev.holdfast.http.Json;
import dev.holdfast.http.NewJobJson;
import dev.holdfast.server.route.Answer;
import dev.holdfast.server.route.Exchange;
import dev.holdfast.server.route.Query;
import dev.holdfast.server.route.Route;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Many jobs at once: bulk actions, and recovery by hand. */
public final class BulkRoutes {
  private static final String PATH = "/api/v1/jobs";
  private static final int BYTES_MAX = 1 << 20;
  private static final int JOBS_MAX = 10_000;
  private static final Duration STUCK_MAX = Duration.ofDays(365);
  private static final Set<String> FIELDS =
      new TreeSet<>(Set.of("action", "ids", "filter", "dry_run"));

  private final JobQueue queue;

  /** Of this queue. */
  public BulkRoutes(JobQueue queue) {
    this.queue = queue;
  }

  /** What can be done to many. */
  private enum Action {
    CANCEL,
    RETRY,
    RESUME,
    DELETE;

    /** In which states it does something. */
    Set<JobState> states() {
      return switch (this) {
        case CANCEL ->
            EnumSet.of(
                JobState.SCHEDULED,
                JobState.BLOCKED,
                JobState.PENDING,
                JobState.RUNNING,
                JobState.INTERRUPTED);
        case RETRY -> EnumSet.of(JobState.FAILED, JobState.CANCELLED, JobState.INTERRUPTED);
        case RESUME -> EnumSet.of(JobState.INTERRUPTED);
        case DELETE -> EnumSet.complementOf(EnumSet.of(JobState.RUNNING));
      };
    }

    static Action of(Fields fields) {
      String given = fields.text("action");
      for (Action action : values()) {
        if (action.name().toLowerCase(Locale.ROOT).equals(given)) {
          return action;
        }
      }
      throw new InvalidRequestException(
          "field 'action' must be cancel, retry, resume or delete, was '%s'"
              .formatted(Printable.of(given)));
    }
  }

  /** The routes. */
  public List<Route> routes() {
    return List.of(
        Route.of(POST, PATH + "/bulk", this::bulk).needs(OPERATE).inScope().body(BYTES_MAX),
        Route.of(POST, PATH + "/recover-stuck", this::recoverStuck)
            .needs(OPERATE)
            .query("timeout", "action", "queue", "type", "group", "limit"),
        Route.of(POST, PATH + "/recover-dead", this::recoverDead).needs(OPERATE).query("policy"));
  }

  private Answer bulk(Exchange exchange) {
    Fields fields = exchange.object();
    NewJobJson.checkFields("the body", fields.node(), FIELDS);
    Action action = Action.of(fields);
    Jobs jobs = new Jobs(queue, exchange.identity().scope());
    boolean isDry = !fields.isNull("dry_run") && yesOrNo(fields.any("dry_run"));
    Choice choice = choice(jobs, fields, action, isDry);
    List<Changed> results =
        isDry ? List.of() : jobs.change(choice.ids(), exchange.by(), change(action));
    List<JobId> done =
        isDry ? choice.ids() : results.stream().filter(Changed::done).map(Changed::id).toList();
    exchange.changed(isDry ? List.of() : done);
    Map<String, @Nullable Object> answer = Json.ofJobs(done.size(), done);
    answer.put("more", choice.isCut());
    answer.put("dry_run", isDry);
    answer.put(
        "results", results.stream().filter(one -> one.before().isPresent()).map(Json::of).toList());
    return Answer.ok(answer);
  }

  private BiFunction<List<JobId>, String, List<Changed>> change(Action action) {
    return switch (action) {
      case CANCEL -> queue::cancel;
      case RETRY -> queue::retry;
      case RESUME -> queue::resume;
      case DELETE -> (ids, by) -> queue.delete(ids);
    };
  }

  private static boolean yesOrNo(JsonNode value) {
    if (!value.isBoolean()) {
      throw new InvalidRequestException(
          "field 'dry_run' must be true or false, was %s".formatted(value.getNodeType()));
    }
    return value.booleanValue();
  }

  /** Those that the action can concern, and whether there are more than one call does. */
  private record Choice(List<JobId> ids, boolean isCut) {}

  /** Of jobs that are named, the result tells which of them the action does not fit. */
  private static Choice choice(Jobs jobs, Fields fields, Action action, boolean isDry) {
    if (fields.isNull("ids") == fields.isNull("filter")) {
      throw new InvalidRequestException(
          "which jobs? Give either 'ids' or 'filter'; the filter {} means all that are left after the action's own states");
    }
    JobFilter filter;
    if (fields.isNull("ids")) {
      filter = Selection.of(fields.any("filter"));
    } else {
      List<JobId> ids = Selection.ids(fields);
      if (ids.isEmpty() || ids.size() > JOBS_MAX) {
        throw new InvalidRequestException(
            "field 'ids' takes 1 to %,d ids, had %,d".formatted(JOBS_MAX, ids.size()));
      }
      if (!isDry) {
        return new Choice(ids.stream().distinct().toList(), false);
      }
      filter = JobFilter.ids(ids);
    }
    Set<JobState> states = action.states();
    if (!filter.states().isEmpty()) {
      states.retainAll(filter.states());
    }
    return states.isEmpty() ? new Choice(List.of(), false) : collected(jobs, filter.states(states));
  }

  private static Choice collected(Jobs jobs, JobFilter filter) {
    List<JobId> ids = new ArrayList<>();
    Optional<PageRequest> next = Optional.of(PageRequest.first(Limits.PAGE_MAX));
    while (next.isPresent() && ids.size() < JOBS_MAX) {
      Page<Job> page = jobs.list(filter, next.get());
      page.items().forEach(job -> ids.add(job.id()));
      next = page.next().map(PageRequest.first(Limits.PAGE_MAX)::after);
    }
    return new Choice(ids, next.isPresent());
  }

  private Answer recoverStuck(Exchange exchange) {
    Query query = exchange.query();
    Duration timeout =
        query
            .duration("timeout", Duration.ZERO, STUCK_MAX)
            .orElse(MonitorConfig.defaults().jobTimeout());
    MonitorConfig.Action action =
        query.word("action", MonitorConfig.Action.class).orElse(MonitorConfig.defaults().action());
    return recovered(
        exchange,
        queue.recoverStuck(
            timeout,
            Selection.of(query),
            action,
            query.number("limit", 1, Limits.RECOVER_MAX, Limits.RECOVER_MAX),
            exchange.by()));
  }

  private Answer recoverDead(Exchange exchange) {
    Optional<RecoveryPolicy> policy = exchange.query().word("policy", RecoveryPolicy.class);
    return recovered(exchange, queue.recoverDead(policy, exchange.by()));
  }

  private static Answer recovered(Exchange exchange, List<JobId> jobs) {
    exchange.changed(jobs);
    return Answer.ok(Json.ofJobs(jobs.size(), jobs));
  }
}
