package dev.holdfast.handlers;

import dev.holdfast.JobContext;
import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import dev.holdfast.Predecessor;
import dev.holdfast.TraceContext;
import dev.holdfast.Transaction;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** An attempt without an engine around it. */
public final class Attempt implements JobContext {
  private final JobId id;
  private final long token;
  private final Optional<TraceContext> trace;
  private volatile boolean isCancelled;

  private Attempt(JobId id, long token, Optional<TraceContext> trace) {
    this.id = id;
    this.token = token;
    this.trace = trace;
  }

  /** Returns the first attempt of a new job. */
  public static Attempt first() {
    return new Attempt(new JobId(UUID.randomUUID()), 1, Optional.empty());
  }

  /** Returns the next attempt of the same job. */
  public Attempt next() {
    return new Attempt(id, token + 1, trace);
  }

  /** Returns the same attempt in this trace. */
  public Attempt in(TraceContext newTrace) {
    return new Attempt(id, token, Optional.of(newTrace));
  }

  /** Interrupts the handler on this thread. */
  public void cancel(Thread handler) {
    isCancelled = true;
    handler.interrupt();
  }

  @Override
  public JobId id() {
    return id;
  }

  @Override
  public String queue() {
    return "default";
  }

  @Override
  public String type() {
    return "built-in";
  }

  @Override
  public int attempt() {
    return (int) token;
  }

  @Override
  public long token() {
    return token;
  }

  @Override
  public void progress(int percent, String message) {}

  @Override
  public void log(Level level, String message, Map<String, ?> details) {}

  @Override
  public Optional<TraceContext> trace() {
    return trace;
  }

  @Override
  public boolean isCancelled() {
    return isCancelled;
  }

  @Override
  public void onCancel(Runnable callback) {}

  @Override
  public int crashes() {
    return 0;
  }

  @Override
  public void checkpoint(String name, @Nullable Object state) {
    throw new UnsupportedOperationException("built-in handlers have no checkpoints");
  }

  @Override
  public <T> Optional<T> checkpoint(String name, Class<T> type) {
    return Optional.empty();
  }

  @Override
  public Stream<Predecessor> predecessors() {
    return Stream.empty();
  }

  @Override
  public <T> Stream<T> results(Class<T> type) {
    return Stream.empty();
  }

  @Override
  public Optional<String> signal(String name) {
    return Optional.empty();
  }

  @Override
  public <T extends @Nullable Object> T step(String name, Class<T> type, Callable<? extends T> work)
      throws Exception {
    return work.call();
  }

  @Override
  public <T extends @Nullable Object> T stepIn(
      Transaction transaction, String name, Class<T> type, Callable<? extends T> work) {
    throw new UnsupportedOperationException("built-in handlers have no transactions");
  }

  @Override
  public void sleep(String name, Duration length) {
    throw new UnsupportedOperationException("built-in handlers do not sleep");
  }

  @Override
  public <T> Optional<T> awaitSignal(String name, Class<T> type, Duration timeout) {
    return Optional.empty();
  }

  @Override
  public List<Predecessor> await(String name, List<NewJob> jobs) {
    throw new UnsupportedOperationException("built-in handlers enqueue no jobs");
  }

  @Override
  public void completeIn(Transaction transaction, @Nullable Object result) {
    throw new UnsupportedOperationException("built-in handlers have no transactions");
  }
}
