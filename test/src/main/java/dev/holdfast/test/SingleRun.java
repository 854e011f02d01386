package dev.holdfast.test;

import dev.holdfast.Holdfast;
import dev.holdfast.Job;
import dev.holdfast.JobContext;
import dev.holdfast.JobHandler;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue;
import dev.holdfast.JobState;
import dev.holdfast.JobType;
import dev.holdfast.LogFilter;
import dev.holdfast.NewJob;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One run of one handler, in a queue of its own. */
final class SingleRun<T> {
  private static final Duration LONG = Duration.ofDays(1);

  /** The preparation of a run. */
  interface Prelude {
    /** No prelude: the first run is the one. */
    Prelude NONE =
        new Prelude() {
          @Override
          public void setUp(Holdfast holdfast) {}

          @Override
          public void enqueued(JobQueue queue, JobId id) {}

          @Override
          public boolean isOver() {
            return true;
          }
        };

    /** Adds what the queue needs besides the handler. */
    void setUp(Holdfast holdfast);

    /** The job is in the queue, and has not run yet. */
    void enqueued(JobQueue queue, JobId id);

    /** Returns whether the handler itself has been called. */
    boolean isOver();
  }

  private final JobType<T, ?> type;
  private final JobHandler<? super T> handler;
  private final T payload;
  private final Prelude prelude;
  private @Nullable AssertionError wrong; // what the handler failed with

  SingleRun(JobType<T, ?> type, JobHandler<? super T> handler, T payload, Prelude prelude) {
    this.type = type;
    this.handler = handler;
    this.payload = payload;
    this.prelude = prelude;
  }

  /** Runs the handler; throws the assertion that failed in it. */
  Performed perform() {
    try (VirtualQueue world = new VirtualQueue(this::begin, false, store -> store)) {
      JobQueue queue = world.holdfast().queue();
      JobId id = queue.enqueue(NewJob.of(type.name(), payload)).id();
      prelude.enqueued(queue, id);
      if (!world.runUntil(() -> wrong != null || hasRun(queue, id), LONG)) {
        throw new AssertionError("the handler did not return within a day of virtual time");
      }
      if (wrong != null) {
        throw wrong;
      }
      Job job = queue.find(id).orElseThrow();
      return new Performed(job, queue.checkpoints(id), queue.logs(LogFilter.of(id)));
    }
  }

  private void begin(Holdfast holdfast) {
    prelude.setUp(holdfast);
    holdfast.handle(type, this::watched).start();
  }

  private @Nullable Object watched(T read, JobContext job) throws Exception {
    try {
      return handler.run(read, job);
    } catch (AssertionError failed) {
      wrong = failed;
      throw failed;
    }
  }

  private boolean hasRun(JobQueue queue, JobId id) {
    JobState state = queue.find(id).orElseThrow().state();
    return prelude.isOver() && state != JobState.PENDING && state != JobState.RUNNING;
  }
}
