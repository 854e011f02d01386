package dev.holdfast.jdbc.store;

/**
 * Where a job stands in its queue, as far as its id does not decide.
 *
 * @param rank the lowest is claimed first
 * @param runAt among equals, the earliest; in microseconds
 */
public record Place(long rank, long runAt) implements Comparable<Place> {

  /** The foremost of two. */
  public static Place first(Place one, Place other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  @Override
  public int compareTo(Place other) {
    int byRank = Long.compare(rank, other.rank);
    return byRank != 0 ? byRank : Long.compare(runAt, other.runAt);
  }
}
