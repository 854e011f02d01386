package dev.holdfast;

import dev.holdfast.check.Check;
import dev.holdfast.error.InvalidRequestException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Changes to a job that has not started; other values stay as they are. Immutable; each method
 * below returns a changed copy.
 *
 * @param hasPayload whether there is a new payload
 * @param payload the new payload, anything that the payload codec can write as JSON, at most {@link
 *     dev.holdfast.check.Limits#PAYLOAD_BYTES_MAX} bytes of it
 * @param priority the new priority; higher runs first
 * @param runAt the new earliest start. Excludes {@code delay}
 * @param delay the new delay from now, by the store's clock
 */
public record JobUpdate(
    boolean hasPayload,
    @Nullable Object payload,
    Optional<Integer> priority,
    Optional<Instant> runAt,
    Optional<Duration> delay) {
  private static final JobUpdate NOTHING =
      new JobUpdate(false, null, Optional.empty(), Optional.empty(), Optional.empty());

  /**
   * Checks the times.
   *
   * @throws InvalidRequestException naming the value and what was expected
   */
  public JobUpdate {
    Check.that(
        runAt.isEmpty() || delay.isEmpty(), "a job takes a run-at or a delay, both were given");
    delay.ifPresent(Check::delay);
    runAt.ifPresent(time -> Check.time("run-at", time));
  }

  /** Changes nothing yet. */
  public static JobUpdate of() {
    return NOTHING;
  }

  /** Sets the payload. */
  public JobUpdate payload(@Nullable Object newPayload) {
    return new JobUpdate(true, newPayload, priority, runAt, delay);
  }

  /** Sets the priority. */
  public JobUpdate priority(int newPriority) {
    return new JobUpdate(hasPayload, payload, Optional.of(newPriority), runAt, delay);
  }

  /** Sets the earliest start; an instant in the past means at once. */
  public JobUpdate at(Instant newRunAt) {
    return new JobUpdate(hasPayload, payload, priority, Optional.of(newRunAt), Optional.empty());
  }

  /** Sets the delay from now; zero means at once. */
  public JobUpdate in(Duration newDelay) {
    return new JobUpdate(hasPayload, payload, priority, Optional.empty(), Optional.of(newDelay));
  }

  /** Returns whether there is no change. */
  public boolean isEmpty() {
    return equals(NOTHING);
  }
}
