package dev.holdfast.spi;

import dev.holdfast.Failure;
import dev.holdfast.JobContext;
import dev.holdfast.TraceContext;
import java.util.Optional;

/**
 * The link between jobs and the traces of the program around them. Thread-safe. Its failures do not
 * affect jobs.
 */
public interface Tracing {

  /** Returns the trace of the calling thread; jobs that it enqueues become part of it. */
  Optional<TraceContext> current();

  /**
   * Makes the trace of a job current on the calling thread, which is about to run the handler.
   *
   * @param job the attempt
   * @param trace the trace of its enqueue, the same for every attempt; or empty
   */
  Run begin(JobContext job, Optional<TraceContext> trace);

  /** The trace of one run of a handler. Used by the handler's thread. */
  interface Run {
    /** Returns the trace context to pass on to the services that the handler calls. */
    Optional<TraceContext> trace();

    /**
     * Restores the trace that was current before. Called once.
     *
     * @param failure why the attempt failed, its time-out included, or empty. The message can quote
     *     the job's payload
     */
    void end(Optional<Failure> failure);
  }

  /** Passes on the trace that came with a job and adds nothing to it. */
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
