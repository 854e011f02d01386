package dev.holdfast.http;

import java.util.Map;

/** Thrown to refuse a request for a reason that no {@code HoldfastException} covers. */
public final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;
  private final transient Map<String, String> headers;

  /** Creates an exception with this problem. */
  public ProblemException(ProblemType type, String detail) {
    this(type, detail, Map.of());
  }

  /** Creates an exception with this problem and headers for the response. */
  public ProblemException(ProblemType type, String detail, Map<String, String> headers) {
    super(detail);
    this.problem = Problem.of(type, detail);
    this.headers = Map.copyOf(headers);
  }

  /** Returns the problem. */
  public Problem problem() {
    return problem;
  }

  /** Returns the headers of the response. */
  public Map<String, String> headers() {
    return headers;
  }
}
