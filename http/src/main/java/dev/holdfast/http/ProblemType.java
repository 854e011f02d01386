package dev.holdfast.http;

import dev.holdfast.HoldfastException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** All problems that a server answers with, by RFC 9457. */
public enum ProblemType {
  /** What was asked cannot be: a value is malformed or out of range. */
  BAD_REQUEST(400, "The request is not acceptable"),
  /** No token, or none that is valid. */
  UNAUTHENTICATED(401, "A valid token is required"),
  /** The token's role, or its groups, do not allow it; or a page of another origin asked for it. */
  FORBIDDEN(403, "Not permitted"),
  /** There is no such thing, at least not for this token. */
  NOT_FOUND(404, "Not found"),
  /** The path takes other methods. */
  METHOD_NOT_ALLOWED(405, "The method is not allowed here"),
  /** The state of the thing forbids it. */
  CONFLICT(409, "The state forbids it"),
  /** Whoever acknowledges has lost the job. */
  STALE_LEASE(409, "The lease has ended"),
  /** The body, or a job in it, is too large. */
  TOO_LARGE(413, "The body is too large"),
  /** The body is no JSON by its content type. */
  UNSUPPORTED_MEDIA_TYPE(415, "The media type is not supported"),
  /** The request names a host that this server is not known by. */
  WRONG_HOST(421, "The host is not served here"),
  /** A mistake of Holdfast. */
  INTERNAL(500, "An error of the server"),
  /** The database failed, or is not as it should be; whether it was done is unknown. */
  STORAGE(500, "The database failed"),
  /** The database is in use by others: nothing was changed, try again. */
  BUSY(503, "The database is busy"),
  /** The database does not answer; whether it was done is unknown. */
  UNAVAILABLE(503, "The database does not answer"),
  /** Too many requests wait: nothing was changed, try again. */
  OVERLOADED(503, "Too many requests"),
  /** The server is about to end: others should be asked. */
  STOPPING(503, "The server is stopping");

  private static final String PREFIX = "urn:holdfast:problem:";

  private final int status;
  private final String title;

  ProblemType(int status, String title) {
    this.status = status;
    this.title = title;
  }

  /** The one that tells of an exception with this code. */
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

  /** The one with this URI. */
  public static Optional<ProblemType> of(String uri) {
    return Arrays.stream(values()).filter(type -> type.uri().equals(uri)).findFirst();
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** The same for all problems of the type. */
  public String title() {
    return title;
  }

  /** A word such as {@code stale-lease}. */
  public String code() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What identifies the type. */
  public String uri() {
    return PREFIX + code();
  }
}
