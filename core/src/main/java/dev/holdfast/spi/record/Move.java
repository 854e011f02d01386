package dev.holdfast.spi.record;

/**
 * The move of a queue to or from another database. While it is recorded in a database, the database
 * itself rejects every write to the queue, from any process and version, with {@link
 * dev.holdfast.error.ConflictException} and this message; an incoming queue is written by {@link
 * Archive#fill} only.
 *
 * @param direction the direction
 * @param address the other database, without a password
 */
public record Move(Direction direction, String address) {

  /** The direction of a move, and its stage. */
  public enum Direction {
    /** The queue is being moved away; this can be undone. */
    GOING,
    /** The queue was moved away. */
    GONE,
    /** The queue is being moved here, and is not complete. */
    COMING
  }

  /** Returns the message for rejected callers. */
  public String message() {
    String text =
        switch (direction) {
          case GOING -> "this queue is moving to '%s': nothing was written, wait for it there";
          case GONE -> "this queue has moved to '%s': use that address";
          case COMING -> "this queue is being filled from '%s': wait until that copy has ended";
        };
    return text.formatted(address);
  }
}
