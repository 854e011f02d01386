package dev.holdfast.jdbc.dialect;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

/**
 * A set of jobs that no claim can tell apart: claims take them in index order and never skip one.
 * It holds everything that a claim selects by.
 *
 * @param id derived from the other values, so that every process computes the same one
 * @param queue the queue
 * @param type the type
 * @param requires required capabilities as JSON; empty for none
 * @param group the group, or an empty text for jobs without one, if the queue limits its groups;
 *     else empty
 * @param isLastChance whether one more crash fails its jobs, so that a node runs one at a time
 */
public record JobLane(
    long id,
    String queue,
    String type,
    Optional<String> requires,
    Optional<String> group,
    boolean isLastChance) {
  /** The lane of jobs that have not been assigned yet. */
  static final long UNSORTED = 0;

  /** Returns a lane of jobs that are not on their last chance. */
  static JobLane of(String queue, String type, Optional<String> requires, Optional<String> group) {
    return new JobLane(id(queue, type, requires, group, ""), queue, type, requires, group, false);
  }

  /** Returns the lane of the same jobs when they are on their last chance. */
  public JobLane lastChance() {
    return new JobLane(
        id(queue, type, requires, group, "\0last chance"), queue, type, requires, group, true);
  }

  private static long id(
      String queue, String type, Optional<String> requires, Optional<String> group, String more) {
    String all =
        String.join(
                "\0", queue, type, requires.orElse(""), group.map(name -> "g" + name).orElse(""))
            + more;
    long number = ByteBuffer.wrap(digest(all)).getLong() & Long.MAX_VALUE;
    return number == UNSORTED ? 1 : number;
  }

  private static byte[] digest(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException everyJavaHasIt) {
      throw new IllegalStateException(everyJavaHasIt);
    }
  }
}
