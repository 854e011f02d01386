package dev.holdfast.server.api;

import dev.holdfast.Enqueued;
import dev.holdfast.Explanation;
import dev.holdfast.InvalidRequestException;
import dev.holdfast.Job;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue;
import dev.holdfast.JobQueue.Changed;
import dev.holdfast.Limits;
import dev.holdfast.LogFilter;
import dev.holdfast.LogLine;
import dev.holdfast.NewJob;
import dev.holdfast.NotFoundException;
import dev.holdfast.Page;
import dev.holdfast.PageRequest;
import dev.holdfast.Predecessor;
import dev.holdfast.Replacement;
import dev.holdfast.Scope;
import dev.holdfast.http.ProblemException;
import dev.holdfast.http.ProblemType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The jobs that a caller may see and touch: for those outside the caller's scope, all is as if they
 * did not exist. A job's group never changes, so who looks first may act afterwards.
 */
final class Jobs {
  private final JobQueue queue;
  private final Scope scope;

  Jobs(JobQueue queue, Scope scope) {
    this.queue = queue;
    this.scope = scope;
  }

  /**
   * The job with this id.
   *
   * @throws NotFoundException if there is none in scope
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
    return queue.explain(get(id).id());
  }

  /** Those of the scope: a part may have fewer than there are. */
  List<Predecessor> predecessors(JobId id, int from, int limit) {
    List<Predecessor> all = queue.predecessors(get(id).id(), from, limit);
    if (scope.isAll()) {
      return all;
    }
    Set<JobId> visible = visible(all.stream().map(Predecessor::id).toList());
    return all.stream().filter(one -> visible.contains(one.id())).toList();
  }

  /** Those of the scope: a page may have fewer than there are. */
  Page<Job> dependents(JobId id, PageRequest page) {
    Page<Job> all = queue.dependents(get(id).id(), page);
    return new Page<>(
        all.items().stream().filter(job -> scope.covers(job.group())).toList(), all.next());
  }

  Map<String, String> checkpoints(JobId id) {
    return queue.checkpoints(get(id).id());
  }

  boolean signal(JobId id, String name, @Nullable Object payload, String by) {
    return queue.signal(get(id).id(), name, payload, by);
  }

  CompletableFuture<Job> await(JobId id, Duration timeout) {
    return queue.await(get(id).id(), timeout);
  }

  void replace(JobId id, Replacement replacement, String by) {
    queue.replace(get(id).id(), replacement, by);
  }

  /**
   * Does something to jobs, as {@link JobQueue#cancel} and its like do.
   *
   * @return what became of each, in the order of the ids
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

  /** Enqueues jobs of the scope's groups; one that names none belongs to the only one. */
  List<Enqueued> enqueue(List<NewJob> jobs) {
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
          "this token enqueues jobs of its groups alone: name one of %s"
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

  /** An id that others have would tell that they have it. */
  private void checkIds(List<NewJob> jobs) {
    List<JobId> given = jobs.stream().flatMap(job -> job.id().stream()).toList();
    Set<JobId> visible = visible(given);
    boolean isTaken =
        given.stream().anyMatch(id -> !visible.contains(id) && queue.find(id).isPresent());
    if (isTaken) {
      throw new ProblemException(
          ProblemType.FORBIDDEN, "an id of these jobs is not free: let the server choose");
    }
  }
}
