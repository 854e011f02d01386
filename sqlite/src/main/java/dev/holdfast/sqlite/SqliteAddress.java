package dev.holdfast.sqlite;

import dev.holdfast.error.InvalidRequestException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * The path and durability of a database: {@code jobs.db}, {@code jdbc:sqlite:jobs.db}, either with
 * {@code ?synchronous=NORMAL}.
 *
 * @param path the absolute path
 * @param synchronous when a commit is flushed to disk: FULL before it returns, so that a power cut
 *     loses nothing; NORMAL later
 */
record SqliteAddress(Path path, Synchronous synchronous) {

  /** SQLite's setting of that name. */
  enum Synchronous {
    FULL,
    NORMAL
  }

  private static final String SCHEME = "jdbc:sqlite:";
  private static final String OPTION = "synchronous=";

  /** Parses an address; empty if it belongs to another database. */
  static Optional<SqliteAddress> parse(String address) {
    boolean ours = address.startsWith(SCHEME);
    if (!ours && (address.startsWith("jdbc:") || address.contains("://"))) {
      return Optional.empty();
    }
    String rest = ours ? address.substring(SCHEME.length()) : address;
    int mark = rest.indexOf('?');
    String name = mark < 0 ? rest : rest.substring(0, mark);
    Synchronous synchronous =
        mark < 0 ? Synchronous.FULL : synchronous(address, rest.substring(mark + 1));
    if (name.isBlank() || name.equals(":memory:")) {
      throw new InvalidRequestException(
          "'%s' does not name a file: a queue needs a file such as jobs.db".formatted(address));
    }
    try {
      return Optional.of(
          new SqliteAddress(Path.of(name).toAbsolutePath().normalize(), synchronous));
    } catch (InvalidPathException malformed) {
      throw new InvalidRequestException(
          "'%s' is not a path: %s".formatted(name, malformed.getReason()), malformed);
    }
  }

  private static Synchronous synchronous(String address, String options) {
    if (options.startsWith(OPTION)) {
      String value = options.substring(OPTION.length()).toUpperCase(Locale.ROOT);
      for (Synchronous known : Synchronous.values()) {
        if (known.name().equals(value)) {
          return known;
        }
      }
    }
    throw new InvalidRequestException(
        "option '%s' of '%s' is unknown: expected synchronous=FULL or synchronous=NORMAL"
            .formatted(options, address));
  }
}
