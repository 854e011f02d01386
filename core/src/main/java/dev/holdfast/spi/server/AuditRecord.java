package dev.holdfast.spi.server;

import java.time.Instant;
import java.util.List;

/**
 * A recorded action, done or attempted, through a server.
 *
 * @param number grows with each record
 * @param at when, by the store's clock
 * @param action the action
 */
public record AuditRecord(long number, Instant at, Action action) {

  /**
   * The action.
   *
   * @param who name of the token, or {@code local}
   * @param what the HTTP method and the path's template, such as {@code POST
   *     /api/v1/jobs/{id}/cancel}
   * @param targets ids or names of the objects; the first {@link #TARGETS_MAX}
   * @param count number of objects
   * @param status the HTTP status of the response
   */
  public record Action(String who, String what, List<String> targets, long count, int status) {
    /** The maximum number of targets named. */
    public static final int TARGETS_MAX = 100;

    /** Drops the targets over the limit. */
    public Action {
      targets = List.copyOf(targets.subList(0, Math.min(targets.size(), TARGETS_MAX)));
    }
  }
}
