package dev.holdfast.otel;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.HandlerPolicy;
import dev.holdfast.Holdfast;
import dev.holdfast.JobContext;
import dev.holdfast.JobHandler;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.NodeConfig;
import dev.holdfast.RetryPolicy;
import dev.holdfast.TraceContext;
import dev.holdfast.spi.Tracing;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.MDC;

/** From enqueue to run, over a real queue. */
@Tag("R-42")
class TracesTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String PARENT = "00-" + TRACE + "-b7ad6b7169203331-01";
  private static final TextMapGetter<Map<String, String>> FIELDS =
      (fields, name) -> requireNonNull(fields).get(name);

  @TempDir Path folder;
  private Holdfast holdfast;
  private final List<String> seen = new CopyOnWriteArrayList<>();

  @BeforeEach
  void open() {
    holdfast = Holdfast.open(folder.resolve("jobs.db").toString());
  }

  @AfterEach
  void close() {
    holdfast.close();
  }

  private void run(JobHandler<String> handler) {
    holdfast.handle(
        "mail",
        String.class,
        handler,
        HandlerPolicy.defaults().retry(RetryPolicy.fixed(Duration.ofMillis(1))));
    holdfast.start(NodeConfig.defaults().pollInterval(Duration.ofMillis(50)));
  }

  private JobState end(JobId id) throws Exception {
    return holdfast
        .queue()
        .await(List.of(id), Duration.ofSeconds(60))
        .get(70, SECONDS)
        .get(0)
        .state();
  }

  /** Returns the trace that was sent to a called service. */
  private static Context told(Map<String, String> fields) {
    return W3CTraceContextPropagator.getInstance().extract(Context.root(), fields, FIELDS);
  }

  private String see(JobContext job) {
    seen.add(
        Span.current().getSpanContext().getTraceId()
            + " "
            + job.trace().map(TraceContext::traceId).orElse("none")
            + " "
            + MDC.get("trace_id"));
    return "done";
  }

  @Nested
  class With_the_API_alone {
    @BeforeEach
    void trace() {
      holdfast.traceBy(new OpenTelemetryTracing(OpenTelemetry.noop()));
    }

    @Test
    void a_handler_runs_in_the_trace_of_its_enqueue() throws Exception {
      run((payload, job) -> see(job));
      JobId id;
      try (Scope scope =
          told(Map.of("traceparent", PARENT, "tracestate", "vendor=x,other=y")).makeCurrent()) {
        id = holdfast.enqueue(NewJob.of("mail", "x").metadata(Map.of("order", 7))).id();
      }

      assertThat(end(id)).isEqualTo(JobState.COMPLETED);

      assertThat(seen).containsExactly(TRACE + " " + TRACE + " " + TRACE);
      assertThat(holdfast.find(id).orElseThrow().metadata().orElseThrow())
          .contains("\"order\":7", PARENT, "vendor=x,other=y");
    }

    @Test
    void a_job_without_a_trace_keeps_nothing_and_runs_in_none() throws Exception {
      run((payload, job) -> see(job));

      JobId id = holdfast.enqueue(NewJob.of("mail", "x")).id();

      assertThat(end(id)).isEqualTo(JobState.COMPLETED);
      assertThat(seen).containsExactly("0".repeat(32) + " none null");
      assertThat(holdfast.find(id).orElseThrow().metadata()).isEmpty();
    }

    @Test
    void what_the_job_says_itself_is_stronger_than_where_it_is_enqueued() throws Exception {
      run((payload, job) -> see(job));
      JobId id;
      try (Scope scope = told(Map.of("traceparent", PARENT.replace("0af", "fff"))).makeCurrent()) {
        TraceContext said = TraceContext.of(PARENT, null).orElseThrow();
        id = holdfast.enqueue(NewJob.of("mail", "x").trace(said)).id();
      }

      assertThat(end(id)).isEqualTo(JobState.COMPLETED);

      assertThat(seen).containsExactly(TRACE + " " + TRACE + " " + TRACE);
    }
  }

  @Nested
  class With_an_SDK {
    private final Spans spans = new Spans();
    private final SdkTracerProvider provider =
        SdkTracerProvider.builder().addSpanProcessor(SimpleSpanProcessor.create(spans)).build();
    private final OpenTelemetrySdk sdk =
        OpenTelemetrySdk.builder().setTracerProvider(provider).build();

    @BeforeEach
    void trace() {
      holdfast.traceBy(new OpenTelemetryTracing(sdk));
    }

    @AfterEach
    void closeSdk() {
      sdk.close();
    }

    @Test
    void each_attempt_is_a_child_of_the_span_that_enqueued_the_job() throws Exception {
      run(
          (payload, job) -> {
            see(job);
            if (job.attempt() < 3) {
              throw new IllegalStateException("not yet");
            }
            return "done";
          });
      Span caller = sdk.getTracer("test").spanBuilder("caller").startSpan();
      JobId id;
      try (Scope scope = caller.makeCurrent()) {
        id = holdfast.enqueue(NewJob.of("mail", "x")).id();
      }
      caller.end();

      assertThat(end(id)).isEqualTo(JobState.COMPLETED);

      String trace = caller.getSpanContext().getTraceId();
      assertThat(seen).hasSize(3).containsOnly(trace + " " + trace + " " + trace);
      List<SpanData> attempts = spans.named("mail");
      assertThat(attempts)
          .hasSize(3)
          .allMatch(span -> span.getKind() == SpanKind.CONSUMER)
          .allMatch(span -> span.getTraceId().equals(trace))
          .allMatch(span -> span.getParentSpanId().equals(caller.getSpanContext().getSpanId()));
      assertThat(attempts)
          .extracting(span -> span.getStatus().getStatusCode())
          .containsExactly(StatusCode.ERROR, StatusCode.ERROR, StatusCode.UNSET);
    }

    private SpanData spanOfFailure(HandlerPolicy policy, JobHandler<String> handler)
        throws Exception {
      holdfast.handle("mail", String.class, handler, policy.retry(RetryPolicy.none()));
      holdfast.start(NodeConfig.defaults().pollInterval(Duration.ofMillis(50)));
      JobId id = holdfast.enqueue(NewJob.of("mail", "x")).id();

      assertThat(end(id)).isEqualTo(JobState.FAILED);

      assertThat(spans.named("mail")).hasSize(1);
      return spans.named("mail").get(0);
    }

    private SpanData spanOfFailure() throws Exception {
      return spanOfFailure(
          HandlerPolicy.defaults(),
          (payload, job) -> {
            throw new IllegalStateException("no account 4711");
          });
    }

    @Test
    void a_failure_is_reported_by_its_kind() throws Exception {
      SpanData span = spanOfFailure();

      assertThat(span.getStatus()).isEqualTo(StatusData.error());
      assertThat(span.getAttributes().get(AttributeKey.stringKey("error.type"))).isEqualTo("ERROR");
    }

    @Test
    void the_message_of_a_failure_is_included_on_request() throws Exception {
      holdfast.traceBy(new OpenTelemetryTracing(sdk).withFailureMessages());

      SpanData span = spanOfFailure();

      assertThat(span.getStatus().getDescription()).contains("no account 4711");
    }

    @Test
    void an_attempt_that_was_ended_by_its_time_out_has_failed() throws Exception {
      SpanData span =
          spanOfFailure(
              HandlerPolicy.defaults().timeout(Duration.ofMillis(50)),
              (payload, job) -> {
                CountDownLatch told = new CountDownLatch(1);
                job.onCancel(told::countDown);
                told.await();
                return "in the end";
              });

      assertThat(span.getAttributes().get(AttributeKey.stringKey("error.type")))
          .isEqualTo("TIMEOUT");
    }

    @Test
    void what_a_handler_enqueues_becomes_a_child_of_its_attempt() throws Exception {
      JobId next = holdfast.queue().newId();
      run(
          (payload, job) ->
              payload.equals("first")
                  ? holdfast.enqueue(NewJob.of("mail", "second").withId(next)).id().toString()
                  : see(job));

      JobId first = holdfast.enqueue(NewJob.of("mail", "first")).id();

      assertThat(end(first)).isEqualTo(JobState.COMPLETED);
      assertThat(end(next)).isEqualTo(JobState.COMPLETED);
      List<SpanData> attempts = spans.named("mail");
      assertThat(attempts).hasSize(2);
      assertThat(attempts.get(0).getParentSpanContext().isValid()).isFalse();
      assertThat(attempts.get(1).getParentSpanId()).isEqualTo(attempts.get(0).getSpanId());
    }
  }

  @Test
  void tracing_that_fails_harms_no_job() throws Exception {
    holdfast.traceBy(
        new Tracing() {
          @Override
          public Optional<TraceContext> current() {
            throw new IllegalStateException("no current trace");
          }

          @Override
          public Run begin(JobContext job, Optional<TraceContext> trace) {
            throw new LinkageError("no tracer");
          }
        });
    run((payload, job) -> see(job));
    TraceContext said = TraceContext.of(PARENT, null).orElseThrow();

    JobId id = holdfast.enqueue(NewJob.of("mail", "x").trace(said)).id();

    assertThat(end(id)).isEqualTo(JobState.COMPLETED);
    assertThat(seen).containsExactly("0".repeat(32) + " " + TRACE + " " + TRACE);
  }

  /** Collects ended spans, in order. */
  private static final class Spans implements SpanExporter {
    private final List<SpanData> ended = new CopyOnWriteArrayList<>();

    List<SpanData> named(String name) {
      return ended.stream().filter(span -> span.getName().equals(name)).toList();
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
      ended.addAll(spans);
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode flush() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
      return CompletableResultCode.ofSuccess();
    }
  }
}
