package dev.holdfast.http;

import dev.holdfast.error.HoldfastException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The problem types of a server, by RFC 9457. */
public enum ProblemType {
  /** A value is malformed or out of range. */
  BAD_REQUEST(400, "The request is not acceptable"),
  /** No token, or none that is valid. */
  UNAUTHENTICATED(401, "A valid token is required"),
  /** The token's role or its groups do not permit it, or the request is cross-origin. */
  FORBIDDEN(403, "Not permitted"),
  /** There is no such resource, at least not for this token. */
  NOT_FOUND(404, "Not found"),
  /** The path does not support this method. */
  METHOD_NOT_ALLOWED(405, "The method is not allowed here"),
  /** The state of the resource forbids it. */
  CONFLICT(409, "The state forbids it"),
  /** The lease of the acknowledgement has ended. */
  STALE_LEASE(409, "The lease has ended"),
  /** The body, or a job in it, is too large. */
  TOO_LARGE(413, "The body is too large"),
  /** The content type of the body is not JSON. */
  UNSUPPORTED_MEDIA_TYPE(415, "The media type is not supported"),
  /** The request's host is not a name of this server. */
  WRONG_HOST(421, "The host is not served here"),
  /** A bug in Holdfast. */
  INTERNAL(500, "An error of the server"),
  /** The database failed or is damaged; whether the request took effect is unknown. */
  STORAGE(500, "The database failed"),
  /** The database is in use by others: nothing was changed, try again. */
  BUSY(503, "The database is busy"),
  /** The database does not respond; whether the request took effect is unknown. */
  UNAVAILABLE(503, "The database does not answer"),
  /** Too many requests are waiting: nothing was changed, try again. */
  OVERLOADED(503, "Too many requests"),
  /** The server is shutting down: use another one. */
  STOPPING(503, "The server is stopping");

  private static final String PREFIX = "urn:holdfast:problem:";

  private final int status;
  private final String title;

  ProblemType(int status, String title) {
    this.status = status;
    this.title = title;
  }

  /** Returns the type for exceptions with this code. */
  public static ProblemType of(HoldfastException.Code code) {
    return switch (code) {
      case INVALID -> BAD_REQUEST;
      case NOT_FOUND -> NOT_FOUND;
      case CONFLICT -> CONFLICT;
      case STALE_LEASE -> STALE_LEASE;
      case BUSY -> BUSY;
      case UNAVAILABLE -> UNAVAILABLE;
      case STORAGE, SCHEMA, PERMISSION -> STORAGE;
    };
  }

  /** Returns the type with this URI. */
  public static Optional<ProblemType> of(String uri) {
    return Arrays.stream(values()).filter(type -> type.uri().equals(uri)).findFirst();
  }

  /** Returns the HTTP status. */
  public int status() {
    return status;
  }

  /** Returns the title, which is the same for all problems of the type. */
  public String title() {
    return title;
  }

  /** Returns the code, such as {@code stale-lease}. */
  public String code() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Returns the URI that identifies the type. */
  public String uri() {
    return PREFIX + code();
  }
}
