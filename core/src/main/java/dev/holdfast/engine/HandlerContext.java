package dev.holdfast.engine;

import dev.holdfast.JobContext;
import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import dev.holdfast.Predecessor;
import dev.holdfast.Progress;
import dev.holdfast.TraceContext;
import dev.holdfast.Transaction;
import dev.holdfast.check.Limits;
import dev.holdfast.error.NotRetryableException;
import dev.holdfast.spi.Claimed;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** The view that a handler has of its attempt. The {@link Attempt} itself decides how it ends. */
final class HandlerContext implements JobContext {
  private final Attempt attempt;
  private final Claimed job;
  private final NodeServices services;
  private final OutageRetry outage;
  private final Checkpoints checkpoints;
  private final Steps steps;
  private volatile Optional<TraceContext> trace = Optional.empty();

  HandlerContext(Attempt attempt, NodeServices services) {
    this.attempt = attempt;
    this.job = attempt.job();
    this.services = services;
    this.outage = new OutageRetry(services.threads());
    this.checkpoints = new Checkpoints(attempt.lease(), services.store(), services.codec(), outage);
    this.steps = new Steps(attempt, services, outage);
  }

  /** Sets the trace that the handler runs in. */
  void traceIn(Optional<TraceContext> newTrace) {
    trace = newTrace;
  }

  @Override
  public JobId id() {
    return job.lease().job();
  }

  @Override
  public String queue() {
    return job.queue();
  }

  @Override
  public String type() {
    return job.type();
  }

  @Override
  public int attempt() {
    return job.lease().attempt();
  }

  @Override
  public long token() {
    return job.lease().token();
  }

  @Override
  public int crashes() {
    return job.crashes();
  }

  @Override
  public void checkpoint(String name, @Nullable Object state) {
    steps.refuseIfSuspendedOrIn("checkpoint '" + name + "'");
    checkpoints.save(name, state);
  }

  @Override
  public <T> Optional<T> checkpoint(String name, Class<T> type) {
    attempt.refuseIfSuspended();
    return checkpoints.read(name, type);
  }

  @Override
  public Stream<Predecessor> predecessors() {
    attempt.refuseIfSuspended();
    return Predecessors.of(id(), services.store(), outage);
  }

  @Override
  public <T> Stream<T> results(Class<T> type) {
    return predecessors()
        .flatMap(predecessor -> predecessor.result().stream())
        .map(json -> services.codec().decode(json, type));
  }

  @Override
  public Optional<String> signal(String name) {
    attempt.refuseIfSuspended();
    return outage.call(() -> services.store().signal(id(), name));
  }

  @Override
  public <T extends @Nullable Object> T step(String name, Class<T> type, Callable<? extends T> work)
      throws Exception {
    return steps.run(name, type, work);
  }

  @Override
  public <T extends @Nullable Object> T stepIn(
      Transaction transaction, String name, Class<T> type, Callable<? extends T> work)
      throws Exception {
    return steps.runIn(transaction, name, type, work);
  }

  @Override
  public void sleep(String name, Duration length) {
    steps.sleep(name, length);
  }

  @Override
  public <T> Optional<T> awaitSignal(String name, Class<T> type, Duration timeout) {
    return steps.awaitSignal(name, type, timeout);
  }

  @Override
  public List<Predecessor> await(String name, List<NewJob> jobs) {
    return steps.await(name, jobs);
  }

  @Override
  public void completeIn(Transaction transaction, @Nullable Object result) {
    steps.refuseOtherThan(transaction, "completeIn");
    services.store().complete(transaction, job.lease(), encoded(result), attempt.runningFor());
    attempt.completedInTransaction();
  }

  /**
   * Encodes a result.
   *
   * @throws NotRetryableException if it is too large: another attempt would not help
   */
  Optional<String> encoded(@Nullable Object result) {
    if (result == null) {
      return Optional.empty();
    }
    String json = services.codec().encode(result);
    int bytes = json.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > Limits.RESULT_BYTES_MAX) {
      throw new NotRetryableException(
          "the result has %,d bytes of JSON, at most %,d are kept: store it elsewhere and return where"
              .formatted(bytes, Limits.RESULT_BYTES_MAX));
    }
    return Optional.of(json);
  }

  @Override
  public void progress(int percent, String message) {
    attempt.refuseIfSuspended();
    if (attempt.output().progress(new Progress(percent, message))) {
      services.output().dirty(attempt.output());
    }
  }

  @Override
  public void log(Level level, String message, Map<String, ?> details) {
    Optional<String> json =
        details.isEmpty() ? Optional.empty() : Optional.of(services.codec().encode(details));
    if (attempt.output().line(level, message, json)) {
      services.output().dirty(attempt.output());
    }
  }

  @Override
  public Optional<TraceContext> trace() {
    return trace;
  }

  @Override
  public boolean isCancelled() {
    return attempt.isStopped();
  }

  @Override
  public void onCancel(Runnable callback) {
    attempt.onStop(callback);
  }
}
