package dev.holdfast.spi;

import java.time.Instant;
import java.util.List;

/**
 * That someone did something through a server, or tried to.
 *
 * @param number later ones have greater numbers
 * @param at when, by the store's clock
 * @param deed what
 */
public record AuditRecord(long number, Instant at, Deed deed) {

  /**
   * What was done.
   *
   * @param who the name of the token, or {@code local}
   * @param what the method and the path's template, such as {@code POST /api/v1/jobs/{id}/cancel}
   * @param targets on what, by id or name; the first {@link #TARGETS_MAX}
   * @param count on how many
   * @param status the HTTP status of the answer
   */
  public record Deed(String who, String what, List<String> targets, long count, int status) {
    /** How many targets are named. */
    public static final int TARGETS_MAX = 100;

    /** Leaves out the targets that are too many. */
    public Deed {
      targets = List.copyOf(targets.subList(0, Math.min(targets.size(), TARGETS_MAX)));
    }
  }
}
