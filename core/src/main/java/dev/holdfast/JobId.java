package dev.holdfast;

import dev.holdfast.error.InvalidRequestException;
import java.util.UUID;

/**
 * The identity of a job: a UUID of version 7, made by the client, so that an enqueue repeated after
 * a lost connection cannot create a second job. Ids of one process ascend.
 *
 * @param value the UUID
 */
public record JobId(UUID value) implements Comparable<JobId> {

  /**
   * Parses the standard 36-character form with hyphens.
   *
   * @throws InvalidRequestException if {@code text} is not a UUID
   */
  public static JobId parse(String text) {
    try {
      UUID value = UUID.fromString(text);
      if (text.length() == 36) {
        return new JobId(value);
      }
    } catch (IllegalArgumentException malformed) {
      // reported below, with the value
    }
    throw new InvalidRequestException(
        "job id '%s' is malformed: expected a UUID such as 01941f29-7c00-7a3c-8f5e-2f3d8c1b6a90"
            .formatted(text));
  }

  /** Orders by the unsigned bits, as every store does: earlier ids first. */
  @Override
  public int compareTo(JobId other) {
    int high =
        Long.compareUnsigned(value.getMostSignificantBits(), other.value.getMostSignificantBits());
    return high != 0
        ? high
        : Long.compareUnsigned(
            value.getLeastSignificantBits(), other.value.getLeastSignificantBits());
  }

  /** Returns the standard 36-character form with hyphens. */
  @Override
  public String toString() {
    return value.toString();
  }
}
