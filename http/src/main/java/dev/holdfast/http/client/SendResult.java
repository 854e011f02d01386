package dev.holdfast.http.client;

import dev.holdfast.check.Printable;
import dev.holdfast.error.BusyException;
import dev.holdfast.error.ConflictException;
import dev.holdfast.error.HoldfastException;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.error.NotFoundException;
import dev.holdfast.error.PermissionException;
import dev.holdfast.error.StorageException;
import dev.holdfast.error.StoreUnavailableException;
import dev.holdfast.http.Fields;
import dev.holdfast.http.Json;
import dev.holdfast.http.Problem;
import dev.holdfast.http.ProblemType;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/**
 * The result of sending a request once: a reply or a failure.
 *
 * @param reply the reply
 * @param failure the exception to throw if it is not sent again
 * @param sequel the known effect of the request
 * @param pause the delay before the next attempt that the server requests
 */
record SendResult(
    Optional<Reply> reply, Optional<HoldfastException> failure, Sequel sequel, Duration pause) {

  /** The known effect of a request without a reply. */
  enum Sequel {
    /** None; a retry may succeed. */
    UNTOUCHED,
    /** Unknown; it may have taken effect. */
    UNKNOWN,
    /** None; it was refused and would be again. */
    REFUSED
  }

  private static final int OK = 200;
  private static final int REDIRECT = 300;
  private static final int BAD = 400;
  private static final int CONFLICT = 409;
  private static final int NO_GATEWAY = 502;
  private static final int GATEWAY_LATE = 504;
  private static final Duration PAUSE_MAX = Duration.ofMinutes(1);
  private static final int SHOWN_CHARS = 200;

  /** Creates the result from a response. */
  static SendResult of(String server, HttpResponse<String> answer) {
    int status = answer.statusCode();
    String type = answer.headers().firstValue("Content-Type").orElse("");
    if (type.startsWith(Problem.MEDIA_TYPE)) {
      return problem(server, status, answer.body(), pause(answer));
    }
    boolean isDone = status >= OK && status < REDIRECT;
    boolean isJson = type.startsWith("application/json");
    boolean hasData = isJson && (isDone || status == CONFLICT);
    boolean hasNone = isDone && answer.body().isEmpty();
    if (hasData || hasNone) {
      return new SendResult(
          Optional.of(new Reply(answer.body())), Optional.empty(), Sequel.UNTOUCHED, Duration.ZERO);
    }
    if (status >= REDIRECT && status < BAD) {
      return failed(
          Sequel.REFUSED,
          new InvalidRequestException(
              "the server at %s redirects (status %d): use the target's address"
                  .formatted(server, status)));
    }
    if (status >= NO_GATEWAY && status <= GATEWAY_LATE) {
      return new SendResult(
          Optional.empty(),
          Optional.of(
              new StoreUnavailableException(
                  "the proxy of the server at %s cannot reach it (status %d)"
                      .formatted(server, status))),
          Sequel.UNKNOWN,
          pause(answer));
    }
    return failed(
        Sequel.REFUSED,
        new StorageException(
            "%s is not a Holdfast server: it responds with status %d and '%s'"
                .formatted(server, status, Printable.brief(type, SHOWN_CHARS))));
  }

  /** Creates the result from an exception. */
  static SendResult of(String server, Throwable thrown) {
    if (isCertificate(thrown)) {
      return failed(
          Sequel.REFUSED,
          new StoreUnavailableException(
              "the certificate of the server at %s is not trusted: %s; set a trust store that contains its authority with -Djavax.net.ssl.trustStore"
                  .formatted(server, said(thrown)),
              thrown));
    }
    if (thrown instanceof ConnectException || thrown instanceof HttpConnectTimeoutException) {
      return failed(
          Sequel.UNTOUCHED,
          new StoreUnavailableException(
              "the server at %s cannot be reached (%s): nothing was changed"
                  .formatted(server, said(thrown)),
              thrown));
    }
    if (thrown instanceof BoundedText.TooLong) {
      return failed(
          Sequel.REFUSED,
          new StorageException(
              "the server at %s responds with %s, which is not read to its end: request less at once; a write may have taken effect"
                  .formatted(server, said(thrown)),
              thrown));
    }
    if (thrown instanceof IOException || thrown instanceof TimeoutException) {
      return failed(
          Sequel.UNKNOWN,
          new StoreUnavailableException(
              "the server at %s did not respond (%s): a write in progress may have taken effect"
                  .formatted(server, said(thrown)),
              thrown));
    }
    throw new IllegalStateException("a request could not be sent: a bug", thrown);
  }

  private static SendResult failed(Sequel sequel, HoldfastException failure) {
    return new SendResult(Optional.empty(), Optional.of(failure), sequel, Duration.ZERO);
  }

  private static SendResult problem(String server, int status, String body, Duration pause) {
    Fields fields = new Fields(Json.read("the problem", body));
    Optional<ProblemType> type = fields.maybeText("type").flatMap(ProblemType::of);
    String detail = fields.maybeText("detail").orElse("status " + status);
    Optional<String> id = fields.maybeText("id");
    return type.map(known -> problem(server, known, detail, id, pause))
        .orElseGet(() -> failed(Sequel.REFUSED, unknown(status, detail)));
  }

  /** Creates an exception for an unknown problem type, which a newer server may have. */
  private static HoldfastException unknown(int status, String detail) {
    return status / 100 == 4 ? new InvalidRequestException(detail) : new StorageException(detail);
  }

  private static SendResult problem(
      String server, ProblemType type, String detail, Optional<String> id, Duration pause) {
    Sequel sequel =
        switch (type) {
          case BUSY, OVERLOADED, STOPPING -> Sequel.UNTOUCHED;
          case UNAVAILABLE -> Sequel.UNKNOWN;
          default -> Sequel.REFUSED;
        };
    HoldfastException failure =
        switch (type) {
          case BAD_REQUEST, METHOD_NOT_ALLOWED, TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, WRONG_HOST ->
              new InvalidRequestException(detail);
          case UNAUTHENTICATED, FORBIDDEN ->
              new PermissionException("the server at %s: %s".formatted(server, detail));
          case NOT_FOUND -> new NotFoundException(detail);
          case CONFLICT, STALE_LEASE -> new ConflictException(detail);
          case INTERNAL ->
              new StorageException(
                  "the server at %s failed: %s%s"
                      .formatted(
                          server,
                          detail,
                          id.map(logged -> "; its log has details under " + logged).orElse("")));
          case STORAGE -> new StorageException(detail);
          case BUSY, OVERLOADED, STOPPING -> new BusyException(detail);
          case UNAVAILABLE -> new StoreUnavailableException(detail);
        };
    return new SendResult(Optional.empty(), Optional.of(failure), sequel, pause);
  }

  private static Duration pause(HttpResponse<String> answer) {
    try {
      Duration asked =
          answer
              .headers()
              .firstValue("Retry-After")
              .map(text -> Duration.ofSeconds(Integer.parseInt(text.strip())))
              .orElse(Duration.ZERO);
      return asked.compareTo(PAUSE_MAX) < 0 ? asked : PAUSE_MAX;
    } catch (NumberFormatException date) {
      return Duration.ZERO;
    }
  }

  private static boolean isCertificate(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof GeneralSecurityException) {
        return true;
      }
    }
    return false;
  }

  private static String said(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause.getMessage() != null) {
        return Printable.brief(cause.getMessage(), SHOWN_CHARS);
      }
    }
    return thrown.getClass().getSimpleName();
  }
}
