package dev.holdfast.http.client;

import dev.holdfast.Job;
import dev.holdfast.JobId;
import dev.holdfast.check.Durations;
import dev.holdfast.error.NotFoundException;
import dev.holdfast.http.wire.JobJson;
import dev.holdfast.http.wire.JobPageJson;
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
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Waits until jobs have finished, by one request after the other: it checks all jobs in batches,
 * then waits on the server for the first unfinished one, and checks the rest of its batch again.
 * The steps are sequential, so no lock is needed.
 */
final class Waiting {
  /** The number of ids that fit into one URL. */
  static final int IDS_MAX = 100;

  private static final Duration WAIT_MAX = Duration.ofSeconds(30);
  private static final Duration WAIT_MIN = Duration.ofMillis(1);

  private final Transport transport;
  private final TimeSource time;
  private final List<JobId> asked;
  private final Duration timeout;
  private final long begin;
  private final Set<JobId> left;
  private final Map<JobId, Job> finished = new HashMap<>();
  private final CompletableFuture<List<Job>> result = new CompletableFuture<>();

  Waiting(Transport transport, TimeSource time, Collection<JobId> ids, Duration timeout) {
    this.transport = transport;
    this.time = time;
    this.asked = List.copyOf(ids);
    this.timeout = timeout;
    this.begin = time.ticks();
    this.left = new LinkedHashSet<>(asked);
  }

  CompletableFuture<List<Job>> start() {
    lookAt(portions(List.copyOf(left)), 0);
    return result;
  }

  private static List<List<JobId>> portions(List<JobId> ids) {
    List<List<JobId>> portions = new ArrayList<>();
    for (int from = 0; from < ids.size(); from += IDS_MAX) {
      portions.add(ids.subList(from, Math.min(ids.size(), from + IDS_MAX)));
    }
    return portions;
  }

  /** Checks a batch and those after it, then waits. */
  private void lookAt(List<List<JobId>> portions, int next) {
    if (next == portions.size()) {
      waitForFirst();
      return;
    }
    Request request = Request.jobs(portions.get(next));
    send(
        request,
        reply -> {
          note(portions.get(next), reply.read(JobPageJson.class, JobPageJson::page).items());
          lookAt(portions, next + 1);
        });
  }

  private void note(List<JobId> portion, List<Job> jobs) {
    Map<JobId, Job> found = new HashMap<>();
    jobs.forEach(job -> found.put(job.id(), job));
    for (JobId id : portion) {
      Job job = found.get(id);
      if (job == null) {
        throw new NotFoundException("there is no job " + id);
      }
      note(job);
    }
  }

  private void note(Job job) {
    if (job.state().isFinished()) {
      left.remove(job.id());
      finished.put(job.id(), job);
    }
  }

  private void waitForFirst() {
    if (left.isEmpty()) {
      result.completeAsync(() -> asked.stream().map(finished::get).toList());
      return;
    }
    Duration rest = timeout.minusNanos(time.ticks() - begin);
    if (rest.compareTo(WAIT_MIN) < 0) {
      fail(
          new TimeoutException(
              "%d of %d jobs had not finished after %s"
                  .formatted(
                      left.size(), finished.size() + left.size(), Durations.describe(timeout))));
      return;
    }
    Duration wait = rest.compareTo(WAIT_MAX) < 0 ? rest : WAIT_MAX;
    Request request =
        Request.get("/jobs/" + left.iterator().next())
            .query("wait", Durations.write(wait))
            .extra(wait);
    send(
        request,
        reply -> {
          note(reply.read(JobJson.class, JobJson::job));
          List<JobId> portion = left.stream().limit(IDS_MAX).toList();
          lookAt(portions(portion), 0);
        });
  }

  private void send(Request request, Consumer<Reply> next) {
    if (result.isDone()) {
      return; // the caller no longer waits
    }
    CompletableFuture<?> unused =
        transport
            .send(request)
            .thenAccept(next)
            .exceptionally(
                failure -> {
                  fail(Transport.cause(failure));
                  return null;
                });
  }

  private void fail(Throwable failure) {
    CompletableFuture<?> unused =
        CompletableFuture.runAsync(() -> result.completeExceptionally(failure));
  }
}
