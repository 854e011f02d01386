package dev.holdfast.handlers.http;

import dev.holdfast.Failure;
import dev.holdfast.JobContext;
import dev.holdfast.JobHandler;
import dev.holdfast.Outcome;
import dev.holdfast.spi.TimeSource;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Calls URLs. An expected response is the result. A response that may differ next time (408, 425,
 * 429, 5xx), a timeout, and a network failure fail the attempt; any other response fails the job,
 * and so does a payload that is invalid or not allowed. If 429 or 503 has a {@code Retry-After},
 * the next attempt begins then.
 *
 * <p>Every attempt of a job sends the same {@code Idempotency-Key}, so a server that honours it
 * does the work once. When the attempt is to end, the request is abandoned; then it is unknown
 * whether the server has carried it out.
 */
public final class HttpHandler implements JobHandler<HttpPayload> {
  /** The type of such jobs. */
  public static final String TYPE = "http";

  /** The default time limit of a response. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

  private final HttpClient client =
      HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build();

  private final AllowedUrls allowed;
  private final TimeSource time;

  /** Creates a handler that calls the allowed URLs. */
  public HttpHandler(AllowedUrls allowed, TimeSource time) {
    this.allowed = allowed;
    this.time = time;
  }

  @Override
  public Object run(HttpPayload payload, JobContext job) throws InterruptedException {
    try {
      return run(HttpCall.of(payload, job, allowed));
    } catch (PayloadMistake mistake) {
      return Outcome.notRetryable(mistake.line());
    }
  }

  private Object run(HttpCall call) throws InterruptedException {
    long startedTicks = time.ticks();
    CompletableFuture<HttpResponse<Tail>> exchange = client.sendAsync(call.request(), Tail::of);
    try {
      HttpResponse<Tail> response = exchange.get(call.timeout().toNanos(), TimeUnit.NANOSECONDS);
      Duration took = Duration.ofNanos(time.ticks() - startedTicks);
      return new CallResponse(call, response, took).end(time.now());
    } catch (TimeoutException late) {
      return failed(call, "had no complete response within " + call.timeout());
    } catch (ExecutionException failure) {
      return failed(call, "failed: " + reason(failure));
    } finally {
      exchange.cancel(true);
    }
  }

  private static Outcome failed(HttpCall call, String how) {
    return new Outcome.Failed(Failure.of(Failure.Kind.ERROR, call.redact(call + " " + how)));
  }

  private static String reason(ExecutionException failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    for (Throwable deeper = cause; deeper != null; deeper = deeper.getCause()) {
      if (deeper instanceof UnresolvedAddressException) {
        return "its host is unknown";
      }
    }
    if (cause instanceof ConnectException && cause.getMessage() == null) {
      return "no connection to its host and port";
    }
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }
}
