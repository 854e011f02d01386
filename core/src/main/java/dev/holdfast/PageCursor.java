package dev.holdfast;

import dev.holdfast.check.Printable;
import dev.holdfast.error.InvalidRequestException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * A position in a list of jobs, behind which the next page begins.
 *
 * @param at the time by which the list is sorted, to the microsecond; empty in a list sorted by id
 * @param id the job at this position, which need not exist any more
 */
public record PageCursor(Optional<Instant> at, JobId id) {
  private static final String SEPARATOR = "_";
  private static final long PER_SECOND = 1_000_000;

  /** Creates the position of a job in a list sorted by id. */
  public static PageCursor of(JobId id) {
    return new PageCursor(Optional.empty(), id);
  }

  /** Creates the position of a job in a list sorted by a time. */
  public static PageCursor of(Instant at, JobId id) {
    return new PageCursor(Optional.of(at.truncatedTo(ChronoUnit.MICROS)), id);
  }

  /**
   * Parses what {@link #toString} returned.
   *
   * @throws InvalidRequestException if {@code text} is malformed
   */
  public static PageCursor parse(String text) {
    int separator = text.indexOf(SEPARATOR);
    if (separator < 0) {
      return of(JobId.parse(text));
    }
    try {
      long micros = Long.parseLong(text.substring(0, separator));
      return of(
          Instant.EPOCH.plus(micros, ChronoUnit.MICROS),
          JobId.parse(text.substring(separator + 1)));
    } catch (NumberFormatException malformed) {
      throw new InvalidRequestException(
          "%s is no position in a list: use the 'next' of the page before"
              .formatted(Printable.quoted(text)),
          malformed);
    }
  }

  /** Returns a text for {@link #parse}. */
  @Override
  public String toString() {
    return at.map(time -> micros(time) + SEPARATOR + id).orElseGet(id::toString);
  }

  private static long micros(Instant time) {
    return time.getEpochSecond() * PER_SECOND + time.getNano() / 1_000;
  }
}
