package dev.holdfast.server.route;

import dev.holdfast.JobId;
import dev.holdfast.check.Check;
import dev.holdfast.check.Durations;
import dev.holdfast.check.Printable;
import dev.holdfast.error.InvalidRequestException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The query parameters of a request, each checked when it is read. */
public final class Query {
  private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,10}");

  private final Map<String, List<String>> parameters;

  Query(Map<String, List<String>> parameters) {
    this.parameters = parameters;
  }

  /** Returns all parameters by name, each with its values. */
  public Map<String, List<String>> all() {
    return parameters;
  }

  /** Refuses unknown parameters. */
  void checkNames(Set<String> known) {
    for (String name : parameters.keySet()) {
      if (!known.contains(name)) {
        throw new InvalidRequestException(
            "unknown parameter %s: expected %s"
                .formatted(
                    Printable.quoted(name),
                    known.isEmpty() ? "none" : "one of " + known.stream().sorted().toList()));
      }
    }
  }

  /** Returns a text, if the parameter is given. */
  public Optional<String> text(String name) {
    List<String> values = parameters.getOrDefault(name, List.of());
    if (values.size() > 1) {
      throw new InvalidRequestException(
          "the parameter '%s' is given %d times, expected once".formatted(name, values.size()));
    }
    return values.stream().findFirst();
  }

  /** Returns a whole number in a range. */
  public int number(String name, int least, int most, int otherwise) {
    return text(name).map(text -> number(name, text, least, most)).orElse(otherwise);
  }

  private static int number(String name, String text, int least, int most) {
    if (NUMBER.matcher(text).matches()) {
      long number = Long.parseLong(text);
      if (number >= least && number <= most) {
        return (int) number;
      }
    }
    throw wrong(name, text, "a whole number from %d to %d".formatted(least, most));
  }

  /** Returns a duration in a range, if the parameter is given. */
  public Optional<Duration> duration(String name, Duration least, Duration most) {
    Optional<Duration> given = text(name).map(text -> duration(name, text));
    given
        .filter(value -> value.compareTo(least) < 0 || value.compareTo(most) > 0)
        .ifPresent(
            value -> {
              throw wrong(
                  name,
                  Durations.write(value),
                  "%s to %s".formatted(Durations.write(least), Durations.write(most)));
            });
    return given;
  }

  private static Duration duration(String name, String text) {
    return Durations.find(text).orElseThrow(() -> wrong(name, text, Durations.SYNTAX));
  }

  /** Returns an instant, if the parameter is given. */
  public Optional<Instant> instant(String name) {
    return text(name).map(text -> instant(name, text));
  }

  private static Instant instant(String name, String text) {
    try {
      Instant instant = Instant.parse(text);
      Check.time("the parameter '%s'".formatted(name), instant);
      return instant;
    } catch (DateTimeParseException notOne) {
      throw wrong(name, text, "a time such as 2026-11-30T08:15:00Z");
    }
  }

  /** Returns a job id, if the parameter is given. */
  public Optional<JobId> jobId(String name) {
    return text(name).map(JobId::parse);
  }

  /** Returns whether {@code true} is given; {@code false} is the same as omitting it. */
  public boolean flag(String name) {
    return text(name)
        .map(
            text ->
                switch (text) {
                  case "true" -> true;
                  case "false" -> false;
                  default -> throw wrong(name, text, "true or false");
                })
        .orElse(false);
  }

  /** Returns one of the constants of {@code type}, if the parameter is given; case-insensitive. */
  public <E extends Enum<E>> Optional<E> word(String name, Class<E> type) {
    return text(name).map(text -> word(name, text, type));
  }

  /** Returns several constants: the parameter may be repeated, or separated by commas. */
  public <E extends Enum<E>> Set<E> words(String name, Class<E> type) {
    Set<E> words = EnumSet.noneOf(type);
    for (String value : parameters.getOrDefault(name, List.of())) {
      for (String text : value.split(",", -1)) {
        words.add(word(name, text, type));
      }
    }
    return words;
  }

  private static <E extends Enum<E>> E word(String name, String text, Class<E> type) {
    try {
      return Enum.valueOf(type, text.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException unknown) {
      throw wrong(name, text, "one of " + List.of(type.getEnumConstants()));
    }
  }

  private static InvalidRequestException wrong(String name, String value, String expected) {
    return new InvalidRequestException(
        "the parameter '%s' is %s, expected %s".formatted(name, Printable.quoted(value), expected));
  }
}
