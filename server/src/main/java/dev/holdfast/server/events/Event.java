package dev.holdfast.server.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.http.Json;
import dev.holdfast.spi.Insights.Change;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Formats events for the stream. An event's id is the time of the poll that found it. */
final class Event {
  private static final int ID_DIGITS_MAX = 18;

  private Event() {}

  static byte[] job(Change change, Instant poll) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("id", change.id().toString());
    fields.put("queue", change.queue());
    fields.put("type", change.type());
    fields.put("group", change.group().orElse(null));
    fields.put("state", change.state().name());
    fields.put("finished", change.state().isFinished());
    fields.put("attempt", change.attempt());
    fields.put("at", change.at().toString());
    return event("job", poll, fields);
  }

  static byte[] queue(Map<String, @Nullable Object> queue, Instant poll) {
    return event("queue", poll, queue);
  }

  /** Returns an event for skipped changes, after which a reader should fetch jobs again. */
  static byte[] gap(String why, Instant poll) {
    return event("gap", poll, Map.of("why", why));
  }

  /**
   * Returns the last event of a stream. It has no id, so that a reader that reconnects resumes at
   * its last event.
   */
  static byte[] end(String why) {
    return "event: end\ndata: %s\n\n".formatted(Json.write(Map.of("why", why))).getBytes(UTF_8);
  }

  /** Returns the first event of a stream: the reconnection delay and the id to resume from. */
  static byte[] welcome(Instant poll) {
    return "retry: 2000\nid: %d\n\n".formatted(id(poll)).getBytes(UTF_8);
  }

  static byte[] heartbeat() {
    return ": heartbeat\n\n".getBytes(UTF_8);
  }

  private static byte[] event(String name, Instant poll, Map<String, ?> fields) {
    return "id: %d\nevent: %s\ndata: %s\n\n"
        .formatted(id(poll), name, Json.write(fields))
        .getBytes(UTF_8);
  }

  private static long id(Instant poll) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, poll);
  }

  /** Parses an id into the time of its poll; empty if it is malformed. */
  static Optional<Instant> poll(String id) {
    boolean isNumber = !id.isEmpty() && id.length() <= ID_DIGITS_MAX && isDigits(id);
    return isNumber
        ? Optional.of(Instant.EPOCH.plus(Long.parseLong(id), ChronoUnit.MICROS))
        : Optional.empty();
  }

  private static boolean isDigits(String text) {
    return text.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
