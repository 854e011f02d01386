package dev.holdfast.jdbc.dialect;

/**
 * The position of a job in its queue, up to its id.
 *
 * @param rank the lowest is claimed first
 * @param runAt among equals, the earliest; in microseconds
 */
public record Place(long rank, long runAt) implements Comparable<Place> {

  /** Returns the earlier of two places. */
  public static Place first(Place one, Place other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  @Override
  public int compareTo(Place other) {
    int byRank = Long.compare(rank, other.rank);
    return byRank != 0 ? byRank : Long.compare(runAt, other.runAt);
  }
}
