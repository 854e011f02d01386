package dev.holdfast.server.api;

import dev.holdfast.Enqueued;
import dev.holdfast.Explanation;
import dev.holdfast.Holdfast;
import dev.holdfast.Job;
import dev.holdfast.JobEvent;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue;
import dev.holdfast.JobQueue.Changed;
import dev.holdfast.JobUpdate;
import dev.holdfast.LogFilter;
import dev.holdfast.LogLine;
import dev.holdfast.NewJob;
import dev.holdfast.Page;
import dev.holdfast.PageRequest;
import dev.holdfast.Predecessor;
import dev.holdfast.check.Limits;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.error.NotFoundException;
import dev.holdfast.handlers.webhook.Webhooks;
import dev.holdfast.http.ProblemException;
import dev.holdfast.http.ProblemType;
import dev.holdfast.search.Scope;
import dev.holdfast.step.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The jobs that a caller may read and change; to the caller, jobs outside the scope do not exist. A
 * job's group never changes, so a check stays valid for a later action.
 */
final class Jobs {
  private static final Pattern ID =
      Pattern.compile("(?:\\bjob )?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})");

  private static final String UNNAMED = "a job of another group";

  private final Holdfast holdfast;
  private final JobQueue queue;
  private final Scope scope;

  Jobs(Holdfast holdfast, Scope scope) {
    this.holdfast = holdfast;
    this.queue = holdfast.queue();
    this.scope = scope;
  }

  /**
   * Returns the job with this id.
   *
   * @throws NotFoundException if there is no such job in scope
   */
  Job get(JobId id) {
    return find(id).orElseThrow(() -> new NotFoundException("there is no job %s".formatted(id)));
  }

  private Optional<Job> find(JobId id) {
    JobFilter one = JobFilter.ids(List.of(id)).within(scope);
    return queue.list(one, PageRequest.first(1)).items().stream().findFirst();
  }

  Page<Job> list(JobFilter filter, PageRequest page) {
    return queue.list(filter.within(scope), page);
  }

  List<LogLine> logs(LogFilter filter) {
    filter.job().ifPresent(this::get);
    return queue.logs(filter);
  }

  Explanation explain(JobId id) {
    return holdfast.embedding().explain(get(id).id(), scope);
  }

  /**
   * Returns the events of a job without the ids of other groups' jobs, which reasons may contain.
   */
  List<JobEvent> events(Job job) {
    List<JobEvent> events = queue.events(job.id());
    if (scope.isAll()) {
      return events;
    }
    Set<JobId> named = new HashSet<>();
    events.forEach(event -> ID.matcher(event.why()).results().forEach(id -> named.add(jobId(id))));
    Set<JobId> visible = visible(List.copyOf(named));
    return events.stream().map(event -> naming(event, visible)).toList();
  }

  private static JobId jobId(MatchResult id) {
    return JobId.parse(id.group(1));
  }

  /** Removes the jobs out of scope, and the actor. */
  private static JobEvent naming(JobEvent event, Set<JobId> visible) {
    String why =
        ID.matcher(event.why())
            .replaceAll(id -> visible.contains(jobId(id)) ? id.group() : UNNAMED);
    String by = why.equals(event.why()) ? event.by() : "";
    return new JobEvent(
        event.at(), event.from(), event.to(), by, why, event.attempt(), event.failure());
  }

  /** Returns predecessors in scope; a part may have fewer than requested. */
  List<Predecessor> predecessors(JobId id, int from, int limit) {
    List<Predecessor> all = queue.predecessors(get(id).id(), from, limit);
    if (scope.isAll()) {
      return all;
    }
    Set<JobId> visible = visible(all.stream().map(Predecessor::id).toList());
    return all.stream().filter(one -> visible.contains(one.id())).toList();
  }

  /** Returns dependents in scope; a page may have fewer than requested. */
  Page<Job> dependents(JobId id, PageRequest page) {
    Page<Job> all = queue.dependents(get(id).id(), page);
    return new Page<>(
        all.items().stream().filter(job -> scope.covers(job.group())).toList(), all.next());
  }

  Map<String, String> checkpoints(JobId id) {
    return queue.checkpoints(get(id).id());
  }

  List<Step> steps(JobId id) {
    return queue.steps(get(id).id());
  }

  Changed retryFrom(JobId id, String step, String by) {
    return queue.retryFrom(get(id).id(), step, by);
  }

  boolean signal(JobId id, String name, @Nullable Object payload, String by) {
    return queue.signal(get(id).id(), name, payload, by);
  }

  CompletableFuture<Job> await(JobId id, Duration timeout) {
    return queue.await(get(id).id(), timeout);
  }

  void replace(JobId id, JobUpdate replacement, String by) {
    queue.replace(get(id).id(), replacement, by);
  }

  /** Cancels jobs; the result counts only dependents in scope. */
  List<Changed> cancel(List<JobId> ids, String by) {
    return change(ids, by, (visible, who) -> holdfast.embedding().cancel(visible, who, scope));
  }

  List<Changed> retry(List<JobId> ids, String by) {
    return change(ids, by, queue::retry);
  }

  List<Changed> resume(List<JobId> ids, String by) {
    return change(ids, by, queue::resume);
  }

  /** Deletes jobs; the result counts only dependents in scope. */
  List<Changed> delete(List<JobId> ids, String by) {
    return change(ids, by, (visible, who) -> holdfast.embedding().delete(visible, who, scope));
  }

  /**
   * Changes the jobs in scope; the others do not exist.
   *
   * @return the result for each job, in the order of the ids
   */
  List<Changed> change(
      List<JobId> ids, String by, BiFunction<List<JobId>, String, List<Changed>> change) {
    if (scope.isAll()) {
      return change.apply(ids, by);
    }
    Set<JobId> visible = visible(ids);
    List<Changed> done = change.apply(ids.stream().filter(visible::contains).toList(), by);
    List<Changed> all = new ArrayList<>();
    int next = 0;
    for (JobId id : ids) {
      all.add(visible.contains(id) ? done.get(next++) : new Changed(id, Optional.empty(), false));
    }
    return all;
  }

  private Set<JobId> visible(List<JobId> ids) {
    Set<JobId> visible = new HashSet<>();
    for (int from = 0; from < ids.size(); from += Limits.PAGE_MAX) {
      List<JobId> some = ids.subList(from, Math.min(ids.size(), from + Limits.PAGE_MAX));
      JobFilter filter = JobFilter.ids(some).within(scope);
      queue
          .list(filter, PageRequest.first(Limits.PAGE_MAX))
          .items()
          .forEach(job -> visible.add(job.id()));
    }
    return visible;
  }

  /** Enqueues jobs of the scope's groups; jobs without a group get the only group of the scope. */
  List<Enqueued> enqueue(List<NewJob> jobs) {
    jobs.forEach(Webhooks::checkIsNoDelivery);
    if (scope.isAll()) {
      return queue.enqueue(jobs);
    }
    List<NewJob> inScope = jobs.stream().map(this::inScope).toList();
    checkPredecessors(inScope);
    checkIds(inScope);
    return queue.enqueue(inScope);
  }

  private NewJob inScope(NewJob job) {
    Set<String> groups = scope.groups().orElseThrow();
    if (job.group().isEmpty() && groups.size() == 1) {
      return job.group(groups.iterator().next());
    }
    if (!scope.covers(job.group())) {
      throw new ProblemException(
          ProblemType.FORBIDDEN,
          "this token can only enqueue jobs of its groups: use one of %s"
              .formatted(groups.stream().sorted().toList()));
    }
    return job;
  }

  private void checkPredecessors(List<NewJob> jobs) {
    Set<JobId> own = new HashSet<>();
    jobs.forEach(job -> job.id().ifPresent(own::add));
    List<JobId> others =
        jobs.stream()
            .flatMap(job -> job.waits().jobs().stream())
            .map(dependency -> dependency.on())
            .filter(id -> !own.contains(id))
            .distinct()
            .toList();
    Set<JobId> visible = visible(others);
    others.stream()
        .filter(id -> !visible.contains(id))
        .findFirst()
        .ifPresent(
            id -> {
              throw new InvalidRequestException(
                  "a job waits for job %s, which does not exist".formatted(id));
            });
  }

  /** Refuses ids that are in use outside the scope without revealing whether they exist. */
  private void checkIds(List<NewJob> jobs) {
    List<JobId> given = jobs.stream().flatMap(job -> job.id().stream()).toList();
    Set<JobId> visible = visible(given);
    boolean isTaken =
        given.stream().anyMatch(id -> !visible.contains(id) && queue.find(id).isPresent());
    if (isTaken) {
      throw new ProblemException(
          ProblemType.FORBIDDEN, "an id of these jobs is not available: let the server assign ids");
    }
  }
}
