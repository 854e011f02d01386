package dev.holdfast.http;

import java.util.Map;

/** A request is refused for a reason that none of Holdfast's own exceptions tells. */
public final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;
  private final transient Map<String, String> headers;

  /** With this problem. */
  public ProblemException(ProblemType type, String detail) {
    this(type, detail, Map.of());
  }

  /** With headers for the answer beside it. */
  public ProblemException(ProblemType type, String detail, Map<String, String> headers) {
    super(detail);
    this.problem = Problem.of(type, detail);
    this.headers = Map.copyOf(headers);
  }

  /** Why. */
  public Problem problem() {
    return problem;
  }

  /** Headers of the answer. */
  public Map<String, String> headers() {
    return headers;
  }
}
