package dev.holdfast.jdbc.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

/**
 * The jobs that no claim can tell apart: a claim takes them in the order of the index and never
 * walks over one that it must leave. Whatever a claim decides by stands here.
 *
 * @param id made of all the rest, so that every process gives the same lane the same one
 * @param queue the queue
 * @param type the handler's name
 * @param requires capabilities that a worker must have, as JSON; empty for none
 * @param group where the queue limits its groups, the group, or an empty text for jobs that have
 *     none; else empty
 */
public record JobLane(
    long id, String queue, String type, Optional<String> requires, Optional<String> group) {
  /** The lane of jobs that nobody has sorted in yet. */
  static final long UNSORTED = 0;

  static JobLane of(String queue, String type, Optional<String> requires, Optional<String> group) {
    return new JobLane(id(queue, type, requires, group), queue, type, requires, group);
  }

  private static long id(
      String queue, String type, Optional<String> requires, Optional<String> group) {
    String all =
        String.join(
            "\0", queue, type, requires.orElse(""), group.map(name -> "g" + name).orElse(""));
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
