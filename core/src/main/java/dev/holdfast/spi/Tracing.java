package dev.holdfast.spi;

import dev.holdfast.Failure;
import dev.holdfast.JobContext;
import dev.holdfast.TraceContext;
import java.util.Optional;

/**
 * What connects jobs with the traces of the program around them. Thread-safe. What fails in it
 * harms no job.
 */
public interface Tracing {

  /** The trace that the calling thread is in; jobs that it enqueues become a part of it. */
  Optional<TraceContext> current();

  /**
   * Makes the trace of a job current on the calling thread, which is about to run the handler.
   *
   * @param job the attempt
   * @param trace the trace of its enqueue, the same for every attempt; or empty
   */
  Run begin(JobContext job, Optional<TraceContext> trace);

  /** A handler that runs. Used by the handler's thread. */
  interface Run {
    /** Where in a trace it stands: what it calls is told this. */
    Optional<TraceContext> trace();

    /**
     * Puts back what was current before. Called once.
     *
     * @param failure why the attempt failed, its time-out included, or empty. The message can quote
     *     the job's payload
     */
    void end(Optional<Failure> failure);
  }

  /** Hands on the trace that came with a job and takes no part in it. */
  static Tracing handingOn() {
    return new Tracing() {
      @Override
      public Optional<TraceContext> current() {
        return Optional.empty();
      }

      @Override
      public Run begin(JobContext job, Optional<TraceContext> trace) {
        return new Run() {
          @Override
          public Optional<TraceContext> trace() {
            return trace;
          }

          @Override
          public void end(Optional<Failure> failure) {}
        };
      }
    };
  }
}
