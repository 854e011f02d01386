package dev.holdfast.engine;

import dev.holdfast.Failure;
import dev.holdfast.JobContext;
import dev.holdfast.TraceContext;
import dev.holdfast.spi.Tracing;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** The trace of an attempt while its handler runs. Tracing is code of the program. */
final class Traced {
  private static final Logger log = LoggerFactory.getLogger(Traced.class);
  private static final String MDC_KEY = "trace_id";

  private final JobContext job;
  private final Tracing.Run run;
  private final Optional<TraceContext> trace;

  private Traced(JobContext job, Tracing.Run run) {
    this.job = job;
    this.run = run;
    this.trace = run.trace();
  }

  static Traced begin(Tracing tracing, JobContext job, Optional<TraceContext> trace) {
    Traced traced;
    try {
      traced = new Traced(job, tracing.begin(job, trace));
    } catch (RuntimeException | Error faulty) {
      log.warn("The tracing of job {} failed; the job runs without it.", job.id(), faulty);
      traced = new Traced(job, Tracing.handingOn().begin(job, trace));
    }
    traced.trace.ifPresent(place -> MDC.put(MDC_KEY, place.traceId()));
    return traced;
  }

  Optional<TraceContext> trace() {
    return trace;
  }

  void end(Optional<Failure> problem) {
    MDC.remove(MDC_KEY);
    try {
      run.end(problem);
    } catch (RuntimeException | Error faulty) {
      log.warn("The tracing of job {} failed at its end.", job.id(), faulty);
    }
  }
}
