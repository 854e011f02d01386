package dev.holdfast.config;

import dev.holdfast.NodeConfig;
import dev.holdfast.check.Durations;
import dev.holdfast.check.Limits;
import dev.holdfast.check.Printable;
import dev.holdfast.error.InvalidRequestException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The kind of a key's values, and their syntax.
 *
 * @param reader parses a given value; empty if it is not allowed
 * @param writer writes a value as in a file, without secrets
 * @param allowed the allowed values, in words that follow “expected”
 * @param words the words among them, for suggestions
 * @param isTree whether it is a structured value
 */
record Kind<T>(
    Function<Given, Optional<T>> reader,
    Function<T, String> writer,
    String allowed,
    List<String> words,
    boolean isTree) {

  private Kind(
      Function<Given, Optional<T>> reader,
      Function<T, String> writer,
      String allowed,
      List<String> words) {
    this(reader, writer, allowed, words, false);
  }

  private static final List<String> YES = List.of("true", "yes", "on", "1");
  private static final List<String> NO = List.of("false", "no", "off", "0");

  private static <T> Kind<T> ofText(
      Function<String, Optional<T>> reader, Function<T, String> writer, String allowed) {
    return new Kind<>(given -> given.text().flatMap(reader), writer, allowed, List.of());
  }

  static Kind<Duration> duration(Duration least, Duration most) {
    return ofText(
        text -> Durations.find(text).filter(found -> isBetween(least, found, most)),
        Durations::write,
        "a duration from %s to %s".formatted(Durations.write(least), Durations.write(most)));
  }

  private static <T extends Comparable<T>> boolean isBetween(T least, T found, T most) {
    return found.compareTo(least) >= 0 && found.compareTo(most) <= 0;
  }

  static Kind<Integer> whole(int least, int most) {
    return ofText(
        text -> number(text, Integer::valueOf).filter(found -> isBetween(least, found, most)),
        String::valueOf,
        "a whole number from %d to %d".formatted(least, most));
  }

  static Kind<Double> decimal(int least, int most) {
    return ofText(
        text -> number(text, Double::valueOf).filter(found -> found >= least && found <= most),
        Kind::plain,
        "a number from %d to %d".formatted(least, most));
  }

  static Kind<Double> atLeast(int least) {
    return ofText(
        text -> number(text, Double::valueOf).filter(found -> found >= least && found < 1e9),
        Kind::plain,
        "a number of at least " + least);
  }

  private static String plain(double number) {
    return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
  }

  private static <T> Optional<T> number(String text, Function<String, T> parse) {
    try {
      return Optional.of(parse.apply(text.strip()));
    } catch (NumberFormatException none) {
      return Optional.empty();
    }
  }

  static Kind<Boolean> yesOrNo() {
    return ofText(
            text -> {
              String word = text.strip().toLowerCase(Locale.ROOT);
              return YES.contains(word) || NO.contains(word)
                  ? Optional.of(YES.contains(word))
                  : Optional.<Boolean>empty();
            },
            String::valueOf,
            "true or false (yes or no, on or off, 1 or 0)")
        .withWords(List.of("true", "false"));
  }

  static <E extends Enum<E>> Kind<E> choice(Class<E> type) {
    List<E> choices = List.of(type.getEnumConstants());
    List<String> words = choices.stream().map(Kind::word).toList();
    return ofText(
            text ->
                choices.stream()
                    .filter(choice -> word(choice).equals(text.strip().toLowerCase(Locale.ROOT)))
                    .findFirst(),
            Kind::word,
            String.join(", ", words.subList(0, words.size() - 1))
                + " or "
                + words.get(words.size() - 1))
        .withWords(words);
  }

  private static String word(Enum<?> choice) {
    return choice.name().toLowerCase(Locale.ROOT);
  }

  /** A name, as core defines it. */
  static Kind<String> name() {
    return ofText(
        text -> isName(text) ? Optional.of(text) : Optional.empty(),
        Printable::of,
        "1 to %d printable characters".formatted(Limits.NAME_CHARS_MAX));
  }

  static Kind<List<String>> names() {
    return new Kind<>(
        given ->
            Optional.of(given.members()).filter(names -> names.stream().allMatch(Kind::isName)),
        names -> "[" + Printable.of(String.join(", ", names)) + "]",
        "a list of names (in a variable separated by commas), each of 1 to %d printable characters"
            .formatted(Limits.NAME_CHARS_MAX),
        List.of());
  }

  static Kind<Map<String, Object>> capabilities() {
    return new Kind<>(
        given -> Capabilities.read(given.members()),
        capabilities ->
            "[" + Printable.of(String.join(", ", Capabilities.write(capabilities))) + "]",
        "a list of NAME=VALUE (in a variable separated by commas), where the value is a text, a"
            + " number, true, false, or several of these separated by a vertical bar",
        List.of());
  }

  private static boolean isName(String text) {
    try {
      return NodeConfig.defaults().name(text).name().equals(text);
    } catch (InvalidRequestException refused) {
      return false;
    }
  }

  /** A text that core validates. */
  static Kind<String> text(String allowed) {
    return ofText(
        text -> Optional.of(text.strip()).filter(some -> !some.isEmpty()), Printable::of, allowed);
  }

  /** Any structured value. */
  static Kind<Object> tree() {
    return new Kind<>(
        Given::tree, tree -> Printable.of(Trees.write(tree)), "any value", List.of(), true);
  }

  /** A map of keys to values. */
  static Kind<Map<String, Object>> map(String allowed) {
    return new Kind<>(
        given -> given.tree().flatMap(Kind::members),
        tree -> Printable.of(Trees.write(tree)),
        allowed,
        List.of(),
        true);
  }

  private static Optional<Map<String, Object>> members(Object tree) {
    if (!(tree instanceof Map<?, ?> map) || map.containsValue(null)) {
      return Optional.empty();
    }
    Map<String, Object> members = new LinkedHashMap<>();
    map.forEach((name, member) -> members.put(String.valueOf(name), member));
    return Optional.of(members);
  }

  static Kind<Path> path() {
    return ofText(
        text -> {
          try {
            return Optional.of(text).filter(path -> !path.isBlank()).map(Path::of);
          } catch (InvalidPathException malformed) {
            return Optional.empty();
          }
        },
        path -> Printable.of(path.toString()),
        "the path of a file");
  }

  /** A URL of the web, without user, query and fragment. */
  static Kind<URI> webAddress() {
    return ofText(
        text -> {
          try {
            return Optional.of(new URI(text)).filter(Kind::isWebAddress);
          } catch (URISyntaxException malformed) {
            return Optional.empty();
          }
        },
        url -> Printable.of(url.toString()),
        "a URL such as https://queue.example.com or https://example.com/queue");
  }

  private static boolean isWebAddress(URI url) {
    return ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
        && url.getHost() != null
        && url.getRawUserInfo() == null
        && url.getRawQuery() == null
        && url.getRawFragment() == null
        && url.getRawPath().matches("(/[A-Za-z0-9._~-]+)*/?"); // it stands in a cookie's attributes
  }

  /** An address, validated when it is opened. */
  static Kind<String> address() {
    return ofText(
        text -> Optional.of(text).filter(address -> !address.isBlank()),
        address -> Printable.of(Redacted.address(address)),
        "the path of a file, or a jdbc: URL");
  }

  /** Allows a word that stands for no value. */
  Kind<Optional<T>> or(String word) {
    return new Kind<>(
        given ->
            given.text().map(String::strip).filter(word::equalsIgnoreCase).isPresent()
                ? Optional.of(Optional.<T>empty())
                : Optional.of(reader.apply(given)).filter(Optional::isPresent),
        value -> value.map(writer).orElse(word),
        allowed + ", or " + word,
        List.of(word));
  }

  private Kind<T> withWords(List<String> newWords) {
    return new Kind<>(reader, writer, allowed, newWords);
  }
}
