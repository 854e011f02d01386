package dev.holdfast.postgres;

import dev.holdfast.jdbc.dialect.Place;
import dev.holdfast.jdbc.dialect.PostCommitSignals;
import dev.holdfast.spi.Signal;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A notification between processes: its sender, then a line for each signal or arrival. Lines of
 * other versions that are not understood are ignored.
 *
 * @param sender the sending process, so that it can ignore its own
 * @param signals the signals
 * @param arrivals the first place in each lane where jobs arrived; lanes without an entry are
 *     unknown
 */
record Notification(String sender, Set<Signal> signals, Map<Long, Place> arrivals) {
  private static final int ARRIVALS_MAX = 20; // a notification holds less than 8,000 bytes

  static Notification empty(String sender) {
    return new Notification(sender, EnumSet.noneOf(Signal.class), new HashMap<>());
  }

  void add(PostCommitSignals postCommit) {
    signals.addAll(postCommit.signals());
    postCommit.arrivals().forEach((lane, place) -> arrivals.merge(lane, place, Place::first));
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

  static Notification decode(String text) {
    String[] lines = text.split("\n", -1);
    Notification message = empty(lines[0]);
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
        // from another version
      }
    }
  }
}
