package dev.holdfast.postgres;

import dev.holdfast.jdbc.store.News;
import dev.holdfast.jdbc.store.Place;
import dev.holdfast.spi.Signal;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What one process tells others, as the text of a notification: its sender, then a line for each
 * signal or arrival. A process of another version may say what this one does not understand; that
 * is left out.
 *
 * @param sender a process, so that it can leave out what it said itself
 * @param signals what to look at
 * @param arrivals the foremost place in each lane where jobs arrived; without an entry for a lane
 *     nothing is known of it
 */
record Message(String sender, Set<Signal> signals, Map<Long, Place> arrivals) {
  private static final int ARRIVALS_MAX = 20; // a notification holds less than 8,000 bytes

  static Message empty(String sender) {
    return new Message(sender, EnumSet.noneOf(Signal.class), new HashMap<>());
  }

  void add(News news) {
    signals.addAll(news.signals());
    news.arrivals().forEach((lane, place) -> arrivals.merge(lane, place, Place::first));
  }

  boolean isEmpty() {
    return signals.isEmpty();
  }

  String encode() {
    StringBuilder text = new StringBuilder(sender);
    signals.forEach(signal -> text.append('\n').append(signal));
    arrivals.entrySet().stream()
        .limit(ARRIVALS_MAX)
        .forEach(
            arrival ->
                text.append('\n')
                    .append(arrival.getValue().rank())
                    .append(' ')
                    .append(arrival.getValue().runAt())
                    .append(' ')
                    .append(arrival.getKey()));
    return text.toString();
  }

  static Message decode(String text) {
    String[] lines = text.split("\n", -1);
    Message message = empty(lines[0]);
    for (int i = 1; i < lines.length; i++) {
      message.decodeLine(lines[i]);
    }
    return message;
  }

  private void decodeLine(String line) {
    Optional<Signal> signal =
        EnumSet.allOf(Signal.class).stream().filter(one -> one.name().equals(line)).findFirst();
    signal.ifPresent(signals::add);
    String[] parts = line.split(" ", 3);
    if (signal.isEmpty() && parts.length == 3) {
      try {
        Place place = new Place(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
        arrivals.merge(Long.parseLong(parts[2]), place, Place::first);
      } catch (NumberFormatException unknown) {
        // of another version
      }
    }
  }
}
