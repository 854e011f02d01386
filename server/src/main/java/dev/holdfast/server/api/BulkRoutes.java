package dev.holdfast.server.api;

import static dev.holdfast.server.access.Permission.OPERATE;
import static dev.holdfast.server.route.Method.POST;

import dev.holdfast.BulkOperation;
import dev.holdfast.BulkOperations;
import dev.holdfast.BulkRequest;
import dev.holdfast.Holdfast;
import dev.holdfast.Job;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue;
import dev.holdfast.JobQueue.Changed;
import dev.holdfast.MonitorConfig;
import dev.holdfast.Page;
import dev.holdfast.PageRequest;
import dev.holdfast.RecoveryPolicy;
import dev.holdfast.check.Limits;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.http.Fields;
import dev.holdfast.http.Json;
import dev.holdfast.http.NewJobJson;
import dev.holdfast.http.wire.BulkOperationJson;
import dev.holdfast.http.wire.ChangedJson;
import dev.holdfast.search.Scope;
import dev.holdfast.server.route.Answer;
import dev.holdfast.server.route.Call;
import dev.holdfast.server.route.Query;
import dev.holdfast.server.route.Route;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Routes for many jobs at once: bulk actions and recovery. */
public final class BulkRoutes {
  private static final String PATH = "/api/v1/jobs";
  private static final int BYTES_MAX = 1 << 20;
  private static final int JOBS_MAX = 10_000;
  private static final Duration STUCK_MAX = Duration.ofDays(365);
  private static final Set<String> FIELDS =
      new TreeSet<>(Set.of("action", "ids", "filter", "dry_run", "queue", "priority"));

  private final Holdfast holdfast;
  private final JobQueue queue;
  private final Selection selection;

  /** Creates the routes to the jobs of this queue. */
  public BulkRoutes(Holdfast holdfast, Rendering rendering) {
    this.holdfast = holdfast;
    this.queue = holdfast.queue();
    this.selection = rendering.selection();
  }

  /** Returns the routes. */
  public List<Route> routes() {
    return List.of(
        Route.of(POST, PATH + "/bulk", this::bulk).needs(OPERATE).inScope().body(BYTES_MAX),
        Route.of(POST, PATH + "/recover-stuck", this::recoverStuck)
            .needs(OPERATE)
            .query(Selection.parameters("timeout", "action", "limit"))
            .freeQuery(),
        Route.of(POST, PATH + "/recover-dead", this::recoverDead).needs(OPERATE).query("policy"));
  }

  /**
   * Changes named jobs, those of a filter, or those named that match a filter. More than one call
   * changes become a bulk operation.
   */
  private Answer bulk(Call call) {
    Fields fields = call.object();
    NewJobJson.checkFields("the body", fields.node(), FIELDS);
    if (fields.isNull("ids") && fields.isNull("filter")) {
      throw new InvalidRequestException(
          "specify 'ids' or 'filter'; the filter {} selects all jobs in the states that the action"
              + " applies to");
    }
    Scope scope = call.identity().scope();
    JobFilter filter =
        fields.isNull("filter") ? JobFilter.all() : counted(selection.of(fields.any("filter")));
    BulkRequest request = BulkRequests.of(fields, filter.within(scope));
    boolean isDry = !fields.isNull("dry_run") && yesOrNo(fields.any("dry_run"));
    Jobs jobs = new Jobs(holdfast, scope);
    if (!fields.isNull("ids")) {
      List<JobId> ids = ids(fields);
      return isDry
          ? answer(matching(jobs, request, ids), false, true, List.of())
          : changed(call, change(call, jobs, request, ids));
    }
    Choice choice = choice(jobs, request);
    if (isDry) {
      return answer(choice.ids(), choice.isCut(), true, List.of());
    }
    return choice.isCut()
        ? started(call, request)
        : changed(call, change(call, jobs, request, choice.ids()));
  }

  private static List<JobId> ids(Fields fields) {
    List<JobId> ids = Selection.ids(fields);
    if (ids.isEmpty() || ids.size() > JOBS_MAX) {
      throw new InvalidRequestException(
          "field 'ids' must have 1 to %,d ids, had %,d".formatted(JOBS_MAX, ids.size()));
    }
    return ids.stream().distinct().toList();
  }

  private static <T> List<List<T>> parts(List<T> all, int size) {
    List<List<T>> parts = new ArrayList<>();
    for (int from = 0; from < all.size(); from += size) {
      parts.add(all.subList(from, Math.min(all.size(), from + size)));
    }
    return parts;
  }

  private static List<JobId> matching(Jobs jobs, BulkRequest request, List<JobId> ids) {
    List<JobId> matching = new ArrayList<>();
    for (List<JobId> some : parts(ids, Limits.PAGE_MAX)) {
      request
          .affected()
          .map(filter -> jobs.list(filter.named(some), PageRequest.first(Limits.PAGE_MAX)))
          .ifPresent(page -> page.items().forEach(job -> matching.add(job.id())));
    }
    return matching;
  }

  private List<Changed> change(Call call, Jobs jobs, BulkRequest request, List<JobId> ids) {
    List<Changed> results = new ArrayList<>();
    for (List<JobId> some : parts(ids, BulkOperations.CHANGED_MAX)) {
      results.addAll(
          jobs.change(
              some, call.by(), (own, by) -> queue.bulkOperations().change(request, own, by)));
    }
    return results;
  }

  /** The jobs that a filter selects, and whether there are or may be more than one call changes. */
  private record Choice(List<JobId> ids, boolean isCut) {}

  private static Choice choice(Jobs jobs, BulkRequest request) {
    List<JobId> ids = new ArrayList<>();
    Optional<JobFilter> affected = request.affected();
    Optional<PageRequest> next = affected.map(filter -> PageRequest.first(Limits.PAGE_MAX));
    while (next.isPresent() && ids.size() < BulkOperations.CHANGED_MAX) {
      Page<Job> page = jobs.list(affected.orElseThrow(), next.get());
      page.items().forEach(job -> ids.add(job.id()));
      next = page.next().map(PageRequest.first(Limits.PAGE_MAX)::after);
      if (!page.complete()) {
        break;
      }
    }
    boolean isCut =
        next.isPresent()
            && (ids.size() < BulkOperations.CHANGED_MAX
                || !jobs.list(affected.orElseThrow(), next.get()).items().isEmpty());
    return new Choice(ids, isCut);
  }

  private Answer started(Call call, BulkRequest request) {
    BulkOperation operation = queue.bulkOperations().start(request, call.by());
    call.changed(List.of(operation.id()));
    Map<String, @Nullable Object> fields = fields(List.of(), true, false, List.of());
    fields.put("operation", BulkOperationJson.of(operation));
    return Answer.json(202, fields);
  }

  private static Answer changed(Call call, List<Changed> results) {
    List<JobId> done = results.stream().filter(Changed::done).map(Changed::id).toList();
    call.changed(done);
    return answer(done, false, false, results);
  }

  private static Answer answer(
      List<JobId> jobs, boolean hasMore, boolean isDry, List<Changed> results) {
    return Answer.ok(fields(jobs, hasMore, isDry, results));
  }

  private static Map<String, @Nullable Object> fields(
      List<JobId> jobs, boolean hasMore, boolean isDry, List<Changed> results) {
    Map<String, @Nullable Object> fields = Json.ofJobs(jobs.size(), jobs);
    fields.put("more", hasMore);
    fields.put("dry_run", isDry);
    fields.put(
        "results",
        results.stream().filter(one -> one.before().isPresent()).map(ChangedJson::of).toList());
    fields.put("operation", null);
    return fields;
  }

  private static boolean yesOrNo(JsonNode value) {
    if (!value.isBoolean()) {
      throw new InvalidRequestException(
          "field 'dry_run' must be true or false, was %s".formatted(value.getNodeType()));
    }
    return value.booleanValue();
  }

  private Answer recoverStuck(Call call) {
    Query query = call.query();
    Duration timeout =
        query
            .duration("timeout", Duration.ZERO, STUCK_MAX)
            .orElse(MonitorConfig.defaults().jobTimeout());
    MonitorConfig.Action action =
        query.word("action", MonitorConfig.Action.class).orElse(MonitorConfig.defaults().action());
    return recovered(
        call,
        queue
            .maintenance()
            .recoverStuck(
                timeout,
                counted(selection.of(query, "timeout", "action", "limit")),
                action,
                query.number("limit", 1, Limits.RECOVER_MAX, Limits.RECOVER_MAX),
                call.by()));
  }

  private JobFilter counted(JobFilter filter) {
    selection.checkCounted(filter);
    return filter;
  }

  private Answer recoverDead(Call call) {
    Optional<RecoveryPolicy> policy = call.query().word("policy", RecoveryPolicy.class);
    return recovered(call, queue.maintenance().recoverDead(policy.orElse(null), call.by()));
  }

  private static Answer recovered(Call call, List<JobId> jobs) {
    call.changed(jobs);
    return Answer.ok(Json.ofJobs(jobs.size(), jobs));
  }
}
