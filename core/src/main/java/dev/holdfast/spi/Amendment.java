package dev.holdfast.spi;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is to be different about a job that has not started: everything resolved, checked and
 * encoded.
 *
 * @param payload the new payload as JSON, or empty
 * @param payloadVersion by which version of its type a new payload is to be read
 * @param priority the new priority, or empty
 * @param runAt not before this instant, or empty
 * @param delay not before this long from now, or empty
 */
public record Amendment(
    Optional<String> payload,
    int payloadVersion,
    Optional<Integer> priority,
    Optional<Instant> runAt,
    Optional<Duration> delay) {

  /** What is different, for the history. */
  public String summary() {
    List<String> parts = new ArrayList<>();
    payload.ifPresent(json -> parts.add("payload"));
    priority.ifPresent(number -> parts.add("priority " + number));
    runAt.ifPresent(instant -> parts.add("run at " + instant));
    delay.ifPresent(wait -> parts.add("in " + wait));
    return "replaced: " + String.join(", ", parts);
  }
}
