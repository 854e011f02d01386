package dev.holdfast.http.client;

import dev.holdfast.ConflictException;
import dev.holdfast.Durations;
import dev.holdfast.Enqueued;
import dev.holdfast.Explanation;
import dev.holdfast.Finding;
import dev.holdfast.InvalidRequestException;
import dev.holdfast.Job;
import dev.holdfast.JobEvent;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue;
import dev.holdfast.LogFilter;
import dev.holdfast.LogLine;
import dev.holdfast.MonitorConfig;
import dev.holdfast.NewJob;
import dev.holdfast.NodeId;
import dev.holdfast.NodeOrder;
import dev.holdfast.Page;
import dev.holdfast.PageRequest;
import dev.holdfast.Predecessor;
import dev.holdfast.QueueSettings;
import dev.holdfast.QueueStatus;
import dev.holdfast.QueueSummary;
import dev.holdfast.RecoveryPolicy;
import dev.holdfast.Replacement;
import dev.holdfast.Retention;
import dev.holdfast.RunNext;
import dev.holdfast.Schedules;
import dev.holdfast.StoreUnavailableException;
import dev.holdfast.Transaction;
import dev.holdfast.http.Json;
import dev.holdfast.spi.JobIds;
import dev.holdfast.spi.SystemTime;
import dev.holdfast.spi.TimeSource;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A queue that is reached through its server.
 *
 * <pre>{@code
 * try (HttpJobQueue queue = HttpJobQueue.connect(URI.create("https://queue.example.org"), token)) {
 *   JobId id = queue.enqueue(NewJob.of("greet", "Ada")).id();
 * }
 * }</pre>
 *
 * <p>It does what a queue at hand does, and throws the same exceptions. Safe from any thread; one
 * for each server is enough. Beyond what {@link JobQueue} says:
 *
 * <ul>
 *   <li>The ids of jobs are made here. An enqueue that got no answer is repeated with the same
 *       ones, so each job is enqueued once however often its answer was lost. Whatever else cannot
 *       be done twice is repeated only when the server did nothing, and is else told as a {@link
 *       StoreUnavailableException}: it may have happened. Repeating ends with the {@linkplain
 *       ClientConfig#patience() patience}.
 *   <li>A token that is missing, wrong or not enough is a {@link dev.holdfast.PermissionException}.
 *   <li>Histories name the token as who did it; what is given as {@code by} is not sent.
 *   <li>What the server keeps secret in payloads and results reads {@code "[redacted]"}.
 *   <li>Jobs of one call have at most 16 MiB of JSON together. A job has the attempts that it says,
 *       by default 4: the server's defaults of types are for those who leave the number away.
 *   <li>An answer is read up to {@linkplain ClientConfig#answerBytesMax() a limit}, by default 256
 *       MiB; a longer one is a {@link dev.holdfast.StorageException}. Whoever lists jobs with large
 *       payloads asks for smaller pages.
 *   <li>What needs the database itself is refused with an {@link UnsupportedOperationException}
 *       that says what to do instead: {@link #in}, {@link #move}, {@link #lastGroup}, and filters
 *       for several groups or, in {@link #recoverStuck}, for ids.
 * </ul>
 */
public final class HttpJobQueue implements JobQueue, AutoCloseable {
  /** Jobs in one request that steers them. */
  private static final int STEERED_MAX = 10_000;

  private final Transport transport;
  private final TimeSource time = new SystemTime();
  private final JobIds ids = new JobIds(time, () -> ThreadLocalRandom.current().nextLong());
  private final HttpEnqueues enqueues;
  private final HttpJobs jobs;
  private final HttpQueues queues;
  private final Schedules schedules;

  private HttpJobQueue(ClientConfig config) {
    this.transport = new Transport(config, time);
    this.enqueues = new HttpEnqueues(transport, ids);
    this.jobs = new HttpJobs(transport);
    this.queues = new HttpQueues(transport);
    this.schedules = new HttpSchedules(transport);
  }

  /**
   * The queue behind a server. Nothing is asked of it yet.
   *
   * @throws InvalidRequestException if the address or the token cannot be
   */
  public static HttpJobQueue connect(URI server, String token) {
    return connect(ClientConfig.of(server).token(token));
  }

  /** Like {@link #connect(URI, String)}, reached as {@code config} says. */
  public static HttpJobQueue connect(ClientConfig config) {
    return new HttpJobQueue(config);
  }

  /**
   * Sends no more requests: further calls throw a {@link ConflictException}, and nothing is
   * repeated. Those under way end within their time-outs.
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
   * Cannot be: a server knows nothing of a transaction of this process.
   *
   * @throws UnsupportedOperationException always
   */
  @Override
  public JobQueue in(Transaction transaction) {
    throw new UnsupportedOperationException(
        "jobs that are enqueued through a server are in no transaction of this process: open the queue by the address of its database");
  }

  @Override
  public Optional<Job> find(JobId id) {
    return jobs.find(id);
  }

  @Override
  public Optional<JobId> findByKey(String type, String key, Optional<String> group) {
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
  public QueueStatus status() {
    return transport.call(Request.get("/status")).read(HealthReader::status);
  }

  /**
   * Not through a server.
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
    return steer("cancel", jobs);
  }

  @Override
  public List<Changed> retry(List<JobId> jobs, String by) {
    return steer("retry", jobs);
  }

  @Override
  public List<Changed> resume(List<JobId> jobs, String by) {
    return steer("resume", jobs);
  }

  @Override
  public List<Changed> delete(List<JobId> jobs) {
    return steer("delete", jobs);
  }

  private List<Changed> steer(String action, List<JobId> jobs) {
    Map<JobId, Changed> changed = new HashMap<>();
    List<JobId> distinct = jobs.stream().distinct().toList();
    for (int from = 0; from < distinct.size(); from += STEERED_MAX) {
      List<JobId> some = distinct.subList(from, Math.min(distinct.size(), from + STEERED_MAX));
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("action", action);
      fields.put("ids", some.stream().map(JobId::toString).toList());
      transport
          .call(Request.post("/jobs/bulk").json(fields))
          .list("results", JobReader::changed)
          .forEach(one -> changed.put(one.id(), one));
    }
    Function<JobId, Changed> none = id -> new Changed(id, Optional.empty(), false);
    return jobs.stream().map(id -> changed.computeIfAbsent(id, none)).toList();
  }

  @Override
  public List<JobId> recoverStuck(
      Duration longerThan, JobFilter filter, MonitorConfig.Action action, int limit, String by) {
    if (!filter.ids().isEmpty()) {
      throw new UnsupportedOperationException(
          "a server recovers stuck jobs by queue, type and group, not by ids: cancel or retry those");
    }
    Request request =
        HttpJobs.filtered(Request.post("/jobs/recover-stuck"), filter)
            .query("timeout", Durations.write(longerThan))
            .query("action", word(action))
            .query("limit", limit);
    return transport.call(request.slow()).read(answer -> answer.jobIds("job_ids"));
  }

  @Override
  public List<JobId> recoverDead(Optional<RecoveryPolicy> policy, String by) {
    Request request =
        Request.post("/jobs/recover-dead").query("policy", policy.map(HttpJobQueue::word));
    return transport.call(request.slow()).read(answer -> answer.jobIds("job_ids"));
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /**
   * Answers the first 100,000 of those that were removed, however many they were. What operators
   * did stays written down for as long as the server itself keeps it.
   */
  @Override
  public List<JobId> removeOld(Retention retention) {
    Map<String, @Nullable Object> ages = new LinkedHashMap<>();
    ages.put("completed", age(retention.completed()));
    ages.put("failed", age(retention.failed()));
    ages.put("cancelled", age(retention.cancelled()));
    ages.put("logs", age(retention.logs()));
    return transport
        .call(Request.post("/maintenance/cleanup").json(ages).slow())
        .read(answer -> answer.jobIds("job_ids"));
  }

  private static @Nullable String age(Optional<Duration> age) {
    return age.map(Durations::write).orElse(null);
  }

  @Override
  public List<NodeId> order(NodeOrder order, List<NodeId> nodes) {
    List<NodeId> told = new ArrayList<>();
    for (NodeId node : nodes.isEmpty() ? nodes() : nodes) {
      Request request = Request.post("/nodes/" + node + "/" + path(order)).harmless();
      transport.ifThere(request, answer -> answer).ifPresent(done -> told.add(node));
    }
    return told;
  }

  private List<NodeId> nodes() {
    return transport.call(Request.get("/nodes")).list("nodes", node -> JobReader.node(node, "id"));
  }

  private static String path(NodeOrder order) {
    return switch (order) {
      case RUN -> "start";
      case DRAIN -> "quiet";
      case STOP -> "stop";
    };
  }

  @Override
  public List<Finding> examine() {
    return transport
        .call(Request.post("/maintenance/integrity-check").harmless().slow())
        .list("findings", HealthReader::finding);
  }

  /**
   * Not through a server.
   *
   * @throws UnsupportedOperationException always
   */
  @Override
  public List<Changed> move(List<JobId> jobs, String queue) {
    throw new UnsupportedOperationException(
        "a server does not move jobs between queues: open the queue by the address of its database");
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
  public void replace(JobId id, Replacement replacement, String by) {
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
  public Schedules schedules() {
    return schedules;
  }

  @Override
  public QueueSettings settings(String queue) {
    return queues.settings(queue);
  }

  /**
   * Changes how a queue is served, as {@link JobQueue#configure} says; what {@code change} leaves
   * as it was is not sent, so that others may change it meanwhile.
   */
  @Override
  public QueueSettings configure(String queue, UnaryOperator<QueueSettings> change) {
    return queues.configure(queue, change);
  }

  @Override
  public boolean pauseQueue(String queue, String by) {
    return queues.pause(queue);
  }

  @Override
  public boolean resumeQueue(String queue) {
    return queues.resume(queue);
  }

  @Override
  public void limitType(String type, Optional<Integer> concurrency) {
    queues.limitType(type, concurrency);
  }

  @Override
  public Map<String, Integer> typeLimits() {
    return queues.typeLimits();
  }

  @Override
  public RunNext runNext(String queue, String by) {
    return queues.runNext(queue);
  }

  @Override
  public List<QueueSummary> queues() {
    return queues.all();
  }
}
