package dev.holdfast.spi.record;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Changes to a job that has not started, resolved, checked and encoded.
 *
 * @param payload the new payload as JSON, or empty
 * @param payloadVersion the version of its type that a new payload is written in
 * @param priority the new priority, or empty
 * @param runAt the new earliest start, or empty
 * @param delay the new delay from now, or empty
 */
public record EncodedUpdate(
    Optional<String> payload,
    int payloadVersion,
    Optional<Integer> priority,
    Optional<Instant> runAt,
    Optional<Duration> delay) {

  /** Returns a summary of the changes, for the history. */
  public String summary() {
    List<String> parts = new ArrayList<>();
    payload.ifPresent(json -> parts.add("payload"));
    priority.ifPresent(number -> parts.add("priority " + number));
    runAt.ifPresent(instant -> parts.add("run at " + instant));
    delay.ifPresent(wait -> parts.add("in " + wait));
    return "replaced: " + String.join(", ", parts);
  }
}
