package dev.holdfast.http.client;

import dev.holdfast.BulkOperations;
import dev.holdfast.Enqueued;
import dev.holdfast.Explanation;
import dev.holdfast.Failures;
import dev.holdfast.Job;
import dev.holdfast.JobEvent;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue;
import dev.holdfast.JobUpdate;
import dev.holdfast.LogFilter;
import dev.holdfast.LogLine;
import dev.holdfast.Maintenance;
import dev.holdfast.Metrics;
import dev.holdfast.NewJob;
import dev.holdfast.Nodes;
import dev.holdfast.Page;
import dev.holdfast.PageRequest;
import dev.holdfast.Predecessor;
import dev.holdfast.QueueStatus;
import dev.holdfast.Queues;
import dev.holdfast.Schedules;
import dev.holdfast.Transaction;
import dev.holdfast.check.Durations;
import dev.holdfast.error.ConflictException;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.error.StoreUnavailableException;
import dev.holdfast.http.Json;
import dev.holdfast.http.wire.ChangedJson;
import dev.holdfast.http.wire.StatusJson;
import dev.holdfast.spi.JobIds;
import dev.holdfast.spi.SystemTime;
import dev.holdfast.spi.TimeSource;
import dev.holdfast.spi.Upkeep;
import dev.holdfast.step.Step;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A client for a queue behind a server.
 *
 * <pre>{@code
 * try (HttpJobQueue queue = HttpJobQueue.connect(URI.create("https://queue.example.org"), token)) {
 *   JobId id = queue.enqueue(NewJob.of("greet", "Ada")).id();
 * }
 * }</pre>
 *
 * <p>It behaves like an embedded queue, and throws the same exceptions. Thread-safe; one for each
 * server is enough. In addition to {@link JobQueue}:
 *
 * <ul>
 *   <li>The client generates the ids of jobs. An enqueue without a response is repeated with the
 *       same ids, so each job is enqueued once. Other requests that are not idempotent are repeated
 *       only if the server did nothing; otherwise a {@link StoreUnavailableException} says that
 *       they may have taken effect. Retries end after {@linkplain ClientConfig#patience() a limit}.
 *   <li>A missing, wrong or insufficient token causes a {@link
 *       dev.holdfast.error.PermissionException}.
 *   <li>The history names the token as the actor; {@code by} is not sent.
 *   <li>Redacted values in payloads and results are {@code "[redacted]"}.
 *   <li>The jobs of one call may have at most 16 MiB of JSON together. The maximum number of
 *       attempts is always sent, by default 4, so the server's defaults for types do not apply.
 *   <li>Responses are limited {@linkplain ClientConfig#answerBytesMax() in size}, by default to 256
 *       MiB; a larger one causes a {@link dev.holdfast.error.StorageException}. Use smaller pages
 *       to list jobs with large payloads.
 *   <li>Operations that need the database itself throw an {@link UnsupportedOperationException}
 *       that says what to do instead: {@link #in}, {@link #move}, {@link #lastGroup}, and, in
 *       {@link Maintenance#recoverStuck}, filters for ids.
 * </ul>
 */
public final class HttpJobQueue implements JobQueue, AutoCloseable {
  /** The maximum number of jobs in one request that changes them. */
  private static final int CHANGED_MAX = 10_000;

  private final Transport transport;
  private final TimeSource time = new SystemTime();
  private final JobIds ids = new JobIds(time, () -> ThreadLocalRandom.current().nextLong());
  private final HttpEnqueues enqueues;
  private final HttpJobs jobs;

  private HttpJobQueue(ClientConfig config) {
    this.transport = new Transport(config, time);
    this.enqueues = new HttpEnqueues(transport, ids);
    this.jobs = new HttpJobs(transport);
  }

  /**
   * Creates a client without sending anything yet.
   *
   * @throws InvalidRequestException if the address or the token is invalid
   */
  public static HttpJobQueue connect(URI server, String token) {
    return connect(ClientConfig.of(server).token(token));
  }

  /** Creates a client with this configuration, like {@link #connect(URI, String)}. */
  public static HttpJobQueue connect(ClientConfig config) {
    return new HttpJobQueue(config);
  }

  /**
   * Closes the client: further calls throw a {@link ConflictException}, and nothing is repeated.
   * Requests in progress end within their timeouts.
   */
  @Override
  public void close() {
    transport.close();
  }

  @Override
  public List<Enqueued> enqueue(List<NewJob> jobs) {
    return enqueues.enqueue(jobs);
  }

  @Override
  public JobId newId() {
    return ids.next();
  }

  /**
   * Not supported: a server cannot take part in a transaction of this process.
   *
   * @throws UnsupportedOperationException always
   */
  @Override
  public JobQueue in(Transaction transaction) {
    throw new UnsupportedOperationException(
        "a server cannot enqueue jobs in a transaction of this process: open the queue by the"
            + " address of its database");
  }

  @Override
  public Optional<Job> find(JobId id) {
    return jobs.find(id);
  }

  @Override
  public Optional<JobId> findByKey(String type, String key, @Nullable String group) {
    return jobs.findByKey(type, key, group);
  }

  @Override
  public Page<Job> list(JobFilter filter, PageRequest page) {
    return jobs.list(filter, page);
  }

  @Override
  public List<JobEvent> events(JobId id) {
    return jobs.events(id);
  }

  @Override
  public List<LogLine> logs(LogFilter filter) {
    return jobs.logs(filter);
  }

  @Override
  public Explanation explain(JobId id) {
    return jobs.explain(id);
  }

  @Override
  public List<Predecessor> predecessors(JobId id, int from, int limit) {
    return jobs.predecessors(id, from, limit);
  }

  @Override
  public Page<Job> dependents(JobId id, PageRequest page) {
    return jobs.dependents(id, page);
  }

  @Override
  public Map<String, String> checkpoints(JobId id) {
    return jobs.checkpoints(id);
  }

  @Override
  public List<Step> steps(JobId id) {
    return jobs.steps(id);
  }

  @Override
  public Changed retryFrom(JobId id, String step, String by) {
    return jobs.retryFrom(id, step);
  }

  @Override
  public QueueStatus status() {
    return transport.call(Request.get("/status")).read(StatusJson.class, StatusJson::status);
  }

  /**
   * Not supported through a server.
   *
   * @throws UnsupportedOperationException always
   */
  @Override
  public Optional<String> lastGroup(String prefix) {
    throw new UnsupportedOperationException(
        "a server does not list groups: open the queue by the address of its database");
  }

  @Override
  public CompletableFuture<List<Job>> await(Collection<JobId> jobs, Duration timeout) {
    return new Waiting(transport, time, jobs, timeout).start();
  }

  @Override
  public List<Changed> cancel(List<JobId> jobs, String by) {
    return change("cancel", jobs);
  }

  @Override
  public List<Changed> retry(List<JobId> jobs, String by) {
    return change("retry", jobs);
  }

  @Override
  public List<Changed> resume(List<JobId> jobs, String by) {
    return change("resume", jobs);
  }

  @Override
  public List<Changed> delete(List<JobId> jobs) {
    return change("delete", jobs);
  }

  private List<Changed> change(String action, List<JobId> jobs) {
    Map<JobId, Changed> changed = new HashMap<>();
    List<JobId> distinct = jobs.stream().distinct().toList();
    for (int from = 0; from < distinct.size(); from += CHANGED_MAX) {
      List<JobId> some = distinct.subList(from, Math.min(distinct.size(), from + CHANGED_MAX));
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("action", action);
      fields.put("ids", some.stream().map(JobId::toString).toList());
      transport
          .call(Request.post("/jobs/bulk").json(fields))
          .list("results", ChangedJson.class, ChangedJson::changed)
          .forEach(one -> changed.put(one.id(), one));
    }
    Function<JobId, Changed> none = id -> new Changed(id, Optional.empty(), false);
    return jobs.stream().map(id -> changed.computeIfAbsent(id, none)).toList();
  }

  /**
   * Not supported through a server.
   *
   * @throws UnsupportedOperationException always
   */
  @Override
  public List<Changed> move(List<JobId> jobs, String queue) {
    throw new UnsupportedOperationException(
        "a server does not move jobs between queues: open the queue by the address of its"
            + " database");
  }

  @Override
  public boolean signal(JobId id, String name, @Nullable Object payload, String by) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", name);
    fields.put("payload", Json.raw("the payload of the signal", payload));
    return transport
        .call(Request.post("/jobs/" + id + "/signal").json(fields))
        .read(answer -> answer.flag("taken"));
  }

  @Override
  public void replace(JobId id, JobUpdate replacement, String by) {
    Map<String, Object> fields = new LinkedHashMap<>();
    if (replacement.hasPayload()) {
      fields.put("payload", Json.raw("the payload", replacement.payload()));
    }
    replacement.priority().ifPresent(priority -> fields.put("priority", priority));
    replacement.runAt().ifPresent(at -> fields.put("run_at", at.toString()));
    replacement.delay().ifPresent(delay -> fields.put("delay", Durations.write(delay)));
    Reply unused = transport.call(Request.patch("/jobs/" + id, fields));
  }

  @Override
  public Queues queues() {
    return new HttpQueues(transport);
  }

  @Override
  public Nodes nodes() {
    return new HttpNodes(transport);
  }

  @Override
  public BulkOperations bulkOperations() {
    return new HttpBulkOperations(transport);
  }

  @Override
  public Maintenance maintenance() {
    return new HttpMaintenance(transport);
  }

  /** Returns the maintenance operations of the database behind the server, without backups. */
  public Upkeep upkeep() {
    return new HttpUpkeep(transport);
  }

  @Override
  public Schedules schedules() {
    return new HttpSchedules(transport);
  }

  @Override
  public Failures failures() {
    return new HttpFailures(transport);
  }

  @Override
  public Metrics metrics() {
    return new HttpMetrics(transport);
  }
}
