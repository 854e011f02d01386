package dev.holdfast.handlers.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.holdfast.JobContext;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A checked request of a payload.
 *
 * @param request the HTTP request
 * @param expected the statuses that complete the job
 * @param timeout time limit of the whole response
 * @param secrets texts that must not be disclosed, the longest first
 */
record HttpCall(HttpRequest request, Statuses expected, Duration timeout, List<String> secrets) {
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

  private static final Duration TIMEOUT_MIN = Duration.ofMillis(1);
  private static final Duration TIMEOUT_MAX = Duration.ofDays(1);

  private static final Set<String> SECRET_FIELDS = Set.of("authorization", "cookie");

  private static final int PORT_MAX = 65_535;

  private static final int SECRET_CHARS_MIN = 4; // a shorter one would redact half of a message

  /**
   * Creates the request of this attempt.
   *
   * @throws PayloadMistake if the request is impossible or not allowed
   */
  static HttpCall of(HttpPayload payload, JobContext job, AllowedUrls allowed)
      throws PayloadMistake {
    URI url = url(payload.url());
    Optional<String> objection = allowed.objection(url);
    if (objection.isPresent()) {
      throw new PayloadMistake(objection.get());
    }
    Statuses expected = Statuses.of(payload.expect());
    Duration timeout = timeout(payload.timeout());
    HttpRequest.Builder request = HttpRequest.newBuilder(url);
    if (!url.getScheme().equalsIgnoreCase("https")) {
      request.version(HttpClient.Version.HTTP_1_1); // an offer to upgrade confuses small servers
    }
    request.method(method(payload), body(payload.body()));
    defaults(request, payload.body(), job);
    Map<String, @Nullable String> fields = payload.headers() == null ? Map.of() : payload.headers();
    for (Map.Entry<String, @Nullable String> field : fields.entrySet()) {
      set(request, field.getKey(), field.getValue());
    }
    request.setHeader("Holdfast-Job", job.id().toString());
    request.setHeader("Holdfast-Attempt", Integer.toString(job.attempt()));
    request.setHeader("Holdfast-Token", Long.toString(job.token()));
    return new HttpCall(request.build(), expected, timeout, secrets(fields));
  }

  private static URI url(@Nullable String text) throws PayloadMistake {
    if (text == null) {
      throw new PayloadMistake(
          "the payload of a job of type 'http' names no URL: expected {\"url\": \"https://…\", …}");
    }
    try {
      URI url = new URI(text);
      if (AllowedUrls.isHttp(url) && url.getHost() != null && url.getPort() <= PORT_MAX) {
        if (url.getRawUserInfo() != null) {
          throw new PayloadMistake(
              "the URL holds a user or a password: send them in the header 'Authorization'"
                  + " instead");
        }
        return url;
      }
    } catch (URISyntaxException malformed) {
      // reported below, without a text that could hold a secret
    }
    throw new PayloadMistake(
        "the URL of the payload cannot be called: expected http:// or https://, a host in ASCII"
            + " (xn--… for others), and everything else percent-encoded");
  }

  private static Duration timeout(@Nullable Duration given) throws PayloadMistake {
    if (given == null) {
      return HttpHandler.DEFAULT_TIMEOUT;
    }
    if (given.compareTo(TIMEOUT_MIN) < 0 || given.compareTo(TIMEOUT_MAX) > 0) {
      throw new PayloadMistake("'timeout' must be 1 ms to 1 day, was " + given);
    }
    return given;
  }

  private static String method(HttpPayload payload) throws PayloadMistake {
    if (payload.method() == null) {
      return payload.body() == null ? "GET" : "POST";
    }
    if (!METHODS.contains(payload.method())) {
      throw new PayloadMistake(
          "'%s' is not a supported method: expected one of %s"
              .formatted(payload.method(), METHODS.stream().sorted().toList()));
    }
    return payload.method();
  }

  private static HttpRequest.BodyPublisher body(@Nullable Object body) {
    if (body == null) {
      return HttpRequest.BodyPublishers.noBody();
    }
    String text = body instanceof String plain ? plain : ExactJson.write(body);
    return HttpRequest.BodyPublishers.ofString(text, UTF_8);
  }

  /** Sets defaults that a payload may override. */
  private static void defaults(HttpRequest.Builder request, @Nullable Object body, JobContext job) {
    request.setHeader("User-Agent", "Holdfast");
    request.setHeader("Idempotency-Key", job.id().toString());
    job.trace().ifPresent(trace -> trace.fields().forEach(request::setHeader));
    if (body != null) {
      request.setHeader(
          "Content-Type",
          body instanceof String ? "text/plain; charset=utf-8" : "application/json");
    }
  }

  /** Sets a header field. The client's own message would quote the value. */
  private static void set(HttpRequest.Builder request, String name, @Nullable String value)
      throws PayloadMistake {
    Optional<String> objection = HeaderRules.objection(name, value);
    if (objection.isPresent()) {
      throw new PayloadMistake(
          "the header '%s' cannot be set: %s".formatted(name, objection.get()));
    }
    try {
      request.setHeader(name, requireNonNull(value));
    } catch (IllegalArgumentException refused) {
      throw new PayloadMistake(
          "the header '%s' cannot be set: this Java's HTTP client rejects it".formatted(name));
    }
  }

  /** Returns the values of secret fields, and the part after a scheme such as Bearer. */
  private static List<String> secrets(Map<String, @Nullable String> fields) {
    List<String> secrets = new ArrayList<>();
    fields.forEach(
        (name, value) -> {
          if (value != null && SECRET_FIELDS.contains(name.toLowerCase(Locale.ROOT))) {
            secrets.add(value.strip());
            secrets.add(value.substring(value.indexOf(' ') + 1).strip());
          }
        });
    return secrets.stream()
        .filter(secret -> secret.length() >= SECRET_CHARS_MIN)
        .distinct()
        .sorted(Comparator.comparingInt(String::length).reversed())
        .toList();
  }

  /** Removes secrets from a text, as servers often echo what they were sent. */
  String redact(String text) {
    String told = text;
    for (String secret : secrets) {
      told = told.replace(secret, "…");
    }
    return told;
  }

  /** Returns the method and URL, for display. */
  @Override
  public String toString() {
    return request.method() + " " + RedactedUrl.url(request.uri());
  }
}
