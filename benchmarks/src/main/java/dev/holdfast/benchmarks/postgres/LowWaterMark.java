package dev.holdfast.benchmarks.postgres;

import java.util.Optional;
import java.util.UUID;

/**
 * The start of a claim's scan, maintained as Holdfast does: at the first row seen pending, now and
 * then a little before it, more rarely from the head.
 */
final class LowWaterMark {
  private static final long LOOK_BACK_MICROS = 15_000_000;
  private static final long LOOK_BACK_NANOS = 10_000_000_000L;

  /** The pause after a claim from the head, as a multiple of its duration. */
  private static final int HEAD_REST = 100;

  /** A place in the order of the claim. */
  record Place(long rank, long runAt, UUID id) {
    static final Place HEAD = new Place(Long.MIN_VALUE, 0, new UUID(0, 0));

    Place back() {
      return new Place(rank, runAt - LOOK_BACK_MICROS, new UUID(0, 0));
    }
  }

  private Place mark = Place.HEAD;
  private boolean fromHead;
  private long beganAt;
  private long headAt = System.nanoTime();
  private long lookBackAt = headAt + LOOK_BACK_NANOS;

  /** Returns the start for the next claim. */
  Place begin() {
    beganAt = System.nanoTime();
    fromHead = beganAt - headAt >= 0;
    if (fromHead) {
      return Place.HEAD;
    }
    if (beganAt - lookBackAt >= 0) {
      lookBackAt = beganAt + LOOK_BACK_NANOS;
      return mark.back();
    }
    return mark;
  }

  /** Records the first row that the claim saw. */
  void end(Optional<Place> first) {
    first.ifPresent(place -> mark = place);
    if (fromHead) {
      long took = System.nanoTime() - beganAt;
      headAt = beganAt + Math.max(LOOK_BACK_NANOS, HEAD_REST * took);
    }
  }
}
