package dev.holdfast.engine;

import dev.holdfast.HandlerInterceptor;
import dev.holdfast.TraceContext;
import dev.holdfast.spi.Tracing;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** The trace of an attempt while its handler runs. Tracing is code of the program. */
final class Traced implements HandlerInterceptor {
  private static final Logger log = LoggerFactory.getLogger(Traced.class);
  private static final String MDC_KEY = "trace_id";

  private final Tracing tracing;
  private final HandlerContext job;
  private final Optional<TraceContext> enqueued;

  /**
   * @param enqueued the trace in which the job was enqueued
   */
  Traced(Tracing tracing, HandlerContext job, Optional<TraceContext> enqueued) {
    this.tracing = tracing;
    this.job = job;
    this.enqueued = enqueued;
  }

  @Override
  public @Nullable Object around(Call call) throws Exception {
    Begun begun = begin();
    job.traceIn(begun.trace);
    begun.trace.ifPresent(place -> MDC.put(MDC_KEY, place.traceId()));
    call.onEnd(
        failure -> {
          MDC.remove(MDC_KEY);
          begun.run.end(failure);
        });
    return call.proceed();
  }

  private record Begun(Tracing.Run run, Optional<TraceContext> trace) {
    private static Begun of(Tracing.Run run) {
      return new Begun(run, run.trace());
    }
  }

  private Begun begin() {
    try {
      return Begun.of(tracing.begin(job, enqueued));
    } catch (RuntimeException | Error faulty) {
      log.warn("The tracing of job {} failed; the job runs without it.", job.id(), faulty);
      return Begun.of(Tracing.handingOn().begin(job, enqueued));
    }
  }
}
