package dev.holdfast.engine.queue;

import dev.holdfast.Job;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.PageRequest;
import dev.holdfast.check.Durations;
import dev.holdfast.check.Limits;
import dev.holdfast.error.NotFoundException;
import dev.holdfast.spi.Duty;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.Scheduler;
import dev.holdfast.spi.Scheduler.Task;
import dev.holdfast.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Callers waiting for jobs to finish. Polls often at first, then every 100 ms; jobs that finish in
 * this process are reported at once.
 */
final class Awaits implements Duty {
  private static final Duration LOOK_MIN = Duration.ofMillis(2);
  private static final Duration LOOK_MAX = Duration.ofMillis(100);

  private record Waiter(
      List<JobId> ids, long deadlineTicks, Duration timeout, CompletableFuture<List<Job>> future) {}

  private final JobStore store;
  private final TimeSource time;
  private final Executor completer;
  private final Supplier<CompletableFuture<List<Job>>> futures;
  private final Collection<Waiter> waiters = new ConcurrentLinkedQueue<>();
  private final Supplier<Scheduler> duties;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Task task; // guarded by lock; made at the first wait
  private Duration look = LOOK_MIN; // the duty only

  /**
   * @param duties called at the first wait, so that a process that never waits needs no thread
   * @param completer runs the callbacks of the callers' futures, so that they cannot block a duty
   * @param futures creates the callers' futures
   */
  Awaits(
      JobStore store,
      TimeSource time,
      Supplier<Scheduler> duties,
      Executor completer,
      Supplier<CompletableFuture<List<Job>>> futures) {
    this.store = store;
    this.time = time;
    this.duties = duties;
    this.completer = completer;
    this.futures = futures;
  }

  CompletableFuture<List<Job>> await(List<JobId> ids, Duration timeout) {
    CompletableFuture<List<Job>> future = futures.get();
    waiters.add(new Waiter(ids, time.ticks() + timeout.toNanos(), timeout, future));
    wake();
    return future;
  }

  /** Reports that a job finished in this process. */
  void finished() {
    if (!waiters.isEmpty()) {
      wake();
    }
  }

  private void wake() {
    lock.lock();
    try {
      if (task == null) {
        task = duties.get().schedule("awaits", this);
      }
      task.wake();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Duration run() {
    int before = waiters.size();
    for (Waiter waiter : List.copyOf(waiters)) {
      if (waiter.future.isDone() || answer(waiter)) {
        waiters.remove(waiter);
      }
    }
    if (waiters.isEmpty()) {
      look = LOOK_MIN;
      return WHEN_WOKEN;
    }
    look = waiters.size() < before ? LOOK_MIN : longer(look);
    return look;
  }

  private static Duration longer(Duration look) {
    Duration doubled = look.multipliedBy(2);
    return doubled.compareTo(LOOK_MAX) < 0 ? doubled : LOOK_MAX;
  }

  /** Completes one waiter if possible. @return whether it did */
  private boolean answer(Waiter waiter) {
    Map<JobId, Job> found = find(waiter.ids);
    for (JobId id : waiter.ids) {
      if (!found.containsKey(id)) {
        completer.execute(
            () ->
                waiter.future.completeExceptionally(
                    new NotFoundException("there is no job " + id)));
        return true;
      }
    }
    if (found.values().stream().allMatch(job -> job.state().isFinished())) {
      List<Job> jobs = waiter.ids.stream().map(found::get).toList();
      completer.execute(() -> waiter.future.complete(jobs));
      return true;
    }
    if (time.ticks() - waiter.deadlineTicks >= 0) {
      long unfinished = found.values().stream().filter(job -> !job.state().isFinished()).count();
      completer.execute(
          () ->
              waiter.future.completeExceptionally(
                  new TimeoutException(
                      "%d of %d jobs had not finished after %s"
                          .formatted(
                              unfinished, found.size(), Durations.describe(waiter.timeout)))));
      return true;
    }
    return false;
  }

  private Map<JobId, Job> find(List<JobId> ids) {
    Map<JobId, Job> found = new HashMap<>();
    Set<JobId> distinct = new LinkedHashSet<>(ids);
    List<JobId> all = new ArrayList<>(distinct);
    for (int from = 0; from < all.size(); from += Limits.PAGE_MAX) {
      List<JobId> part = all.subList(from, Math.min(all.size(), from + Limits.PAGE_MAX));
      for (Job job : store.list(JobFilter.ids(part), PageRequest.first(Limits.PAGE_MAX))) {
        found.put(job.id(), job);
      }
    }
    return found;
  }
}
