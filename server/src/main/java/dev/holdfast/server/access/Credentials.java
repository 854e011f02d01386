package dev.holdfast.server.access;

import java.util.List;
import java.util.Optional;

/**
 * The credentials of a request.
 *
 * @param authorization the header {@code Authorization}; it takes precedence over sessions
 * @param sessions the sessions of its cookies whose signatures are valid, in the order of the
 *     cookies; whether they were ended, or their tokens revoked, has not been checked
 * @param hasCookie whether it has a cookie of a session, valid or not
 */
public record Credentials(
    Optional<String> authorization, List<BrowserSession> sessions, boolean hasCookie) {

  /** Copies the sessions. */
  public Credentials {
    sessions = List.copyOf(sessions);
  }

  /** Returns the credentials of a request that has none. */
  public static Credentials none() {
    return new Credentials(Optional.empty(), List.of(), false);
  }

  /** Returns the credentials in a header {@code Authorization}. */
  public static Credentials of(String authorization) {
    return new Credentials(Optional.of(authorization), List.of(), false);
  }
}
