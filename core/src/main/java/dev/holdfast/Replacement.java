package dev.holdfast;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is to be different about a job that has not started; the rest stays as it is. Immutable;
 * each method below answers a changed copy.
 *
 * @param hasPayload whether there is a new payload
 * @param payload the new payload, anything that the payload codec can write as JSON, at most {@link
 *     Limits#PAYLOAD_BYTES_MAX} bytes of it
 * @param priority the new priority; higher runs first
 * @param runAt not before this instant. Excludes {@code delay}
 * @param delay not before this long from now, by the store's clock
 */
public record Replacement(
    boolean hasPayload,
    @Nullable Object payload,
    Optional<Integer> priority,
    Optional<Instant> runAt,
    Optional<Duration> delay) {
  private static final Replacement NOTHING =
      new Replacement(false, null, Optional.empty(), Optional.empty(), Optional.empty());

  /**
   * Checks the times.
   *
   * @throws InvalidRequestException naming the value and what was expected
   */
  public Replacement {
    Check.that(
        runAt.isEmpty() || delay.isEmpty(), "a job takes a run-at or a delay, both were given");
    delay.ifPresent(Check::delay);
  }

  /** Nothing yet. */
  public static Replacement of() {
    return NOTHING;
  }

  /** This payload. */
  public Replacement payload(@Nullable Object newPayload) {
    return new Replacement(true, newPayload, priority, runAt, delay);
  }

  /** This priority. */
  public Replacement priority(int newPriority) {
    return new Replacement(hasPayload, payload, Optional.of(newPriority), runAt, delay);
  }

  /** Not before this instant; one that has passed means at once. */
  public Replacement at(Instant newRunAt) {
    return new Replacement(hasPayload, payload, priority, Optional.of(newRunAt), Optional.empty());
  }

  /** Not before this long from now; zero means at once. */
  public Replacement in(Duration newDelay) {
    return new Replacement(hasPayload, payload, priority, Optional.empty(), Optional.of(newDelay));
  }

  /** Whether nothing is to be different. */
  public boolean isEmpty() {
    return equals(NOTHING);
  }
}
