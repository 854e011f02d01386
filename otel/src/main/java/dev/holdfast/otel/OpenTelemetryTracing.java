package dev.holdfast.otel;

import dev.holdfast.Failure;
import dev.holdfast.JobContext;
import dev.holdfast.TraceContext;
import dev.holdfast.spi.Tracing;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Adds jobs to OpenTelemetry traces: a job that is enqueued while a span is current becomes part of
 * its trace. Each attempt is a span of the kind {@code CONSUMER}, named like the job's type, a
 * child of the span that enqueued the job and current while the handler runs. For jobs that were
 * enqueued without a span, each attempt begins a trace.
 *
 * <p>The span of a failed attempt has status error, and its {@code error.type} is the {@linkplain
 * Failure.Kind kind} of the failure. The message is omitted unless {@link #withFailureMessages()}
 * is used, as it can quote the job's payload, and spans go to other systems.
 *
 * <pre>{@code
 * holdfast.traceBy(new OpenTelemetryTracing(GlobalOpenTelemetry.get()));
 * }</pre>
 */
public final class OpenTelemetryTracing implements Tracing {
  private static final String NAME = "dev.holdfast";

  private static final AttributeKey<String> JOB = AttributeKey.stringKey("holdfast.job.id");
  private static final AttributeKey<String> TYPE = AttributeKey.stringKey("holdfast.job.type");
  private static final AttributeKey<String> QUEUE = AttributeKey.stringKey("holdfast.job.queue");
  private static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");
  private static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("holdfast.job.attempt");

  private static final TextMapGetter<Map<String, String>> FIELDS =
      (fields, name) -> fields == null ? null : fields.get(name);

  private final Tracer tracer;
  private final boolean tellsMessages;

  /** Creates a tracing that sends spans to {@code openTelemetry}. */
  public OpenTelemetryTracing(OpenTelemetry openTelemetry) {
    this(openTelemetry.getTracer(NAME), false);
  }

  private OpenTelemetryTracing(Tracer tracer, boolean tellsMessages) {
    this.tracer = tracer;
    this.tellsMessages = tellsMessages;
  }

  /**
   * Returns the same tracing, with the message of a failure as the description of its span's
   * status.
   */
  public OpenTelemetryTracing withFailureMessages() {
    return new OpenTelemetryTracing(tracer, true);
  }

  @Override
  public Optional<TraceContext> current() {
    return traceOf(Context.current());
  }

  private static Optional<TraceContext> traceOf(Context context) {
    Map<String, String> fields = new HashMap<>();
    W3CTraceContextPropagator.getInstance()
        .inject(context, fields, (carrier, name, value) -> fields.put(name, value));
    return TraceContext.of(
        fields.get(TraceContext.TRACEPARENT), fields.get(TraceContext.TRACESTATE));
  }

  @Override
  public Run begin(JobContext job, Optional<TraceContext> trace) {
    Context parent =
        trace
            .map(TraceContext::fields)
            .map(
                fields ->
                    W3CTraceContextPropagator.getInstance().extract(Context.root(), fields, FIELDS))
            .orElseGet(Context::root);
    Span span =
        tracer
            .spanBuilder(job.type())
            .setParent(parent)
            .setSpanKind(SpanKind.CONSUMER)
            .setAttribute(JOB, job.id().toString())
            .setAttribute(TYPE, job.type())
            .setAttribute(QUEUE, job.queue())
            .setAttribute(ATTEMPT, (long) job.attempt())
            .startSpan();
    return new SpanRun(span, parent.with(span), tellsMessages);
  }

  /** A current span. */
  private static final class SpanRun implements Run {
    private final Span span;
    private final boolean tellsMessages;
    private final Optional<TraceContext> trace;
    private final Scope scope;

    @SuppressWarnings("MustBeClosedChecker") // closed by end
    private SpanRun(Span span, Context context, boolean tellsMessages) {
      this.span = span;
      this.tellsMessages = tellsMessages;
      this.trace = traceOf(context);
      this.scope = context.makeCurrent();
    }

    @Override
    public Optional<TraceContext> trace() {
      return trace;
    }

    @Override
    public void end(Optional<Failure> failure) {
      scope.close();
      failure.ifPresent(this::fail);
      span.end();
    }

    private void fail(Failure failure) {
      span.setStatus(StatusCode.ERROR, tellsMessages ? failure.message() : "");
      span.setAttribute(ERROR_TYPE, failure.kind().name());
    }
  }
}
