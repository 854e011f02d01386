package dev.holdfast.handlers.http;

import dev.holdfast.Failure;
import dev.holdfast.Outcome;
import dev.holdfast.handlers.outbound.RetryAfter;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A response, and the outcome that it implies.
 *
 * @param call the request
 * @param response the response, with the end of its body
 * @param took the time from the request to the end of the response
 */
record CallResponse(HttpCall call, HttpResponse<Tail> response, Duration took) {
  /** The header fields to keep: those that describe the response. Cookies are secrets. */
  private static final List<String> KEPT =
      List.of(
          "content-type",
          "content-length",
          "etag",
          "last-modified",
          "location",
          "retry-after",
          "x-request-id");

  private static final int FIELD_CHARS_MAX = 1_000;
  private static final int EXCERPT_CHARS_MAX = 300;
  private static final int TRACE_CHARS_MAX = 16_000;

  private static final int REQUEST_TIMEOUT = 408;
  private static final int TOO_EARLY = 425;
  private static final int TOO_MANY = 429;
  private static final int UNAVAILABLE = 503;

  /** Client errors that are temporary. */
  private static final Set<Integer> PASSING = Set.of(REQUEST_TIMEOUT, TOO_EARLY, TOO_MANY);

  /** Returns the result, or the failure. */
  Object end(Instant now) {
    int status = response.statusCode();
    if (call.expected().contain(status)) {
      Tail body = response.body();
      return new HttpResult(status, kept(), body.text(), body.isCut(), took.toMillis());
    }
    String body = call.redact(response.body().text());
    Failure failure = new Failure(kind(status), message(status, body), trace(body));
    if (!passes(status)) {
      return new Outcome.GaveUp(failure);
    }
    return retryAfter(status, now)
        .<Outcome>map(delay -> new Outcome.RetryIn(delay, failure))
        .orElseGet(() -> new Outcome.Failed(failure));
  }

  private static boolean passes(int status) {
    return status >= 500 || PASSING.contains(status);
  }

  private static Failure.Kind kind(int status) {
    return passes(status) ? Failure.Kind.ERROR : Failure.Kind.NOT_RETRYABLE;
  }

  private Optional<Duration> retryAfter(int status, Instant now) {
    return status == TOO_MANY || status == UNAVAILABLE
        ? response.headers().firstValue("Retry-After").flatMap(text -> RetryAfter.parse(text, now))
        : Optional.empty();
  }

  private Map<String, String> kept() {
    HttpHeaders fields = response.headers();
    Map<String, String> kept = new TreeMap<>();
    for (String name : KEPT) {
      fields
          .firstValue(name)
          .ifPresent(
              value ->
                  kept.put(name, value.substring(0, Math.min(value.length(), FIELD_CHARS_MAX))));
    }
    return kept;
  }

  private String message(int status, String body) {
    String text = body.strip().replaceAll("\\s+", " ");
    String excerpt = text.substring(0, Math.min(text.length(), EXCERPT_CHARS_MAX));
    String more = excerpt.length() < text.length() ? "…" : "";
    boolean isSaid = !excerpt.isEmpty() && !response.body().isCut();
    return call + " answered " + status + redirect(status) + (isSaid ? ": " + excerpt + more : "");
  }

  private String redirect(int status) {
    return response
        .headers()
        .firstValue("Location")
        .filter(place -> status / 100 == 3)
        .flatMap(place -> RedactedUrl.url(response.uri(), place))
        .map(url -> " (redirects are not followed; this one leads to " + url + ")")
        .orElse("");
  }

  private static String trace(String body) {
    return body.length() <= TRACE_CHARS_MAX
        ? body
        : "…" + body.substring(body.length() - TRACE_CHARS_MAX);
  }
}
