package dev.holdfast.timetable;

import dev.holdfast.error.InvalidRequestException;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Time zones by name. */
public final class Zones {
  private static final int CHARS_MAX = 60;
  private static final int WRONG_MAX = 2;

  private Zones() {}

  /** Returns the zone of a name; a wrong one is refused with a suggestion. */
  public static ZoneId find(String name) {
    try {
      return ZoneId.of(name);
    } catch (DateTimeException unknown) {
      throw new InvalidRequestException(
          "zone '%s' is unknown: expected a name such as Europe/Berlin or UTC%s"
              .formatted(name, meant(name).map("; did you mean %s?"::formatted).orElse("")),
          unknown);
    }
  }

  /** Finds the zone with the most similar name, or the most similar city name. */
  private static Optional<String> meant(String name) {
    String wanted = plain(name);
    return name.length() > CHARS_MAX
        ? Optional.empty()
        : ZoneId.getAvailableZoneIds().stream()
            .filter(zone -> wrong(zone, wanted) <= WRONG_MAX)
            .min(Comparator.comparing((String zone) -> wrong(zone, wanted)).thenComparing(z -> z));
  }

  private static int wrong(String zone, String wanted) {
    String known = plain(zone);
    String city = known.substring(known.lastIndexOf('/') + 1);
    return Math.min(distance(known, wanted), distance(city, wanted));
  }

  private static String plain(String name) {
    return name.strip().toLowerCase(Locale.ROOT).replace(' ', '_');
  }

  /** Counts the letters that must be changed, added or removed. */
  private static int distance(String from, String to) {
    int[] above = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      above[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int[] row = new int[to.length() + 1];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int changed = above[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(changed, Math.min(above[j], row[j - 1]) + 1);
      }
      above = row;
    }
    return above[to.length()];
  }
}
