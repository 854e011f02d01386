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

/** Events as they are sent. The id of one is the time of the look that found it. */
final class Event {
  private static final int ID_DIGITS_MAX = 18;

  private Event() {}

  static byte[] job(Change change, Instant look) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("id", change.id().toString());
    fields.put("queue", change.queue());
    fields.put("type", change.type());
    fields.put("group", change.group().orElse(null));
    fields.put("state", change.state().name());
    fields.put("finished", change.state().isFinished());
    fields.put("attempt", change.attempt());
    fields.put("at", change.at().toString());
    return event("job", look, fields);
  }

  static byte[] queue(Map<String, @Nullable Object> queue, Instant look) {
    return event("queue", look, queue);
  }

  /** Some changes are not told: whoever shows jobs should read them again. */
  static byte[] gap(String why, Instant look) {
    return event("gap", look, Map.of("why", why));
  }

  /** The last of a stream. It has no id, so that whoever comes back begins where it stood. */
  static byte[] end(String why) {
    return "event: end\ndata: %s\n\n".formatted(Json.write(Map.of("why", why))).getBytes(UTF_8);
  }

  /** The first of a stream: when to come back, and from where. */
  static byte[] welcome(Instant look) {
    return "retry: 2000\nid: %d\n\n".formatted(id(look)).getBytes(UTF_8);
  }

  static byte[] heartbeat() {
    return ": heartbeat\n\n".getBytes(UTF_8);
  }

  private static byte[] event(String name, Instant look, Map<String, ?> fields) {
    return "id: %d\nevent: %s\ndata: %s\n\n"
        .formatted(id(look), name, Json.write(fields))
        .getBytes(UTF_8);
  }

  private static long id(Instant look) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, look);
  }

  /** The look whose id this is; empty if it is none. */
  static Optional<Instant> look(String id) {
    boolean isNumber = !id.isEmpty() && id.length() <= ID_DIGITS_MAX && isDigits(id);
    return isNumber
        ? Optional.of(Instant.EPOCH.plus(Long.parseLong(id), ChronoUnit.MICROS))
        : Optional.empty();
  }

  private static boolean isDigits(String text) {
    return text.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
