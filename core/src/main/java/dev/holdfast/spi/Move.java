package dev.holdfast.spi;

/**
 * That a queue goes elsewhere, or comes from elsewhere. While it stands in a database, the database
 * itself refuses every write to the queue, from whatever process and version, with {@link
 * dev.holdfast.ConflictException} and this message; a queue that comes is written by {@link
 * Archive#fill} alone.
 *
 * @param direction whether it goes or comes
 * @param address the other database, without a password
 */
public record Move(Direction direction, String address) {

  /** Where the queue is, and what becomes of it here. */
  public enum Direction {
    /** It is being moved away; this can be undone. */
    GOING,
    /** It was moved away. */
    GONE,
    /** It is being moved here, and is not complete. */
    COMING
  }

  /** What a refused caller is told. */
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
