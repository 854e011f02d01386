package dev.holdfast.postgres;

import dev.holdfast.check.Durations;
import dev.holdfast.error.InvalidRequestException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.postgresql.Driver;

/**
 * The address of a database with options, from {@code jdbc:postgresql://…} or {@code
 * postgres://user:password@host:port/name}. Parameters after the question mark are passed to the
 * driver, except for these:
 *
 * <ul>
 *   <li>{@code pooled=true}: there is a pooler such as PgBouncer in between. It is usually detected
 *       without this.
 *   <li>{@code connections}: number of connections for callers, 1 to 100; 8 by default.
 *   <li>{@code grace}: how long a node on another machine may be without its connection before it
 *       counts as dead, ISO 8601, 100 ms to 1 min; {@code PT2S} by default.
 * </ul>
 *
 * @param jdbcUrl the URL for the driver, without these parameters, user and password
 * @param properties user and password
 * @param name for display, without secrets
 * @param pooled whether the address says that there is a pooler
 * @param connections number of connections for callers
 * @param grace grace period of a lost connection
 */
record PostgresAddress(
    String jdbcUrl,
    Properties properties,
    String name,
    boolean pooled,
    int connections,
    Duration grace) {
  private static final String JDBC = "jdbc:postgresql:";
  private static final int CONNECTIONS = 8;
  private static final int CONNECTIONS_MAX = 100;
  private static final Duration GRACE = Duration.ofSeconds(2);
  private static final Duration GRACE_MIN = Duration.ofMillis(100);
  private static final Duration GRACE_MAX = Duration.ofMinutes(1);

  /** Returns whether it names several servers, of which one is the primary. */
  boolean hasManyHosts() {
    return name.contains(",");
  }

  /**
   * @return empty if the address is of another kind
   * @throws InvalidRequestException if it is of this kind but malformed
   */
  static Optional<PostgresAddress> parse(String address) {
    if (address.startsWith(JDBC)) {
      return Optional.of(parseJdbc(address));
    }
    if (address.startsWith("postgres://") || address.startsWith("postgresql://")) {
      return Optional.of(parseJdbc(toJdbc(address)));
    }
    return Optional.empty();
  }

  private static PostgresAddress parseJdbc(String address) {
    int mark = address.indexOf('?');
    String base = mark < 0 ? address : address.substring(0, mark);
    Map<String, String> parameters = parameters(mark < 0 ? "" : address.substring(mark + 1));
    boolean pooled = Boolean.parseBoolean(parameters.remove("pooled"));
    int connections = connections(Optional.ofNullable(parameters.remove("connections")));
    Duration grace = grace(Optional.ofNullable(parameters.remove("grace")));
    Properties properties = new Properties();
    for (String secret : new String[] {"user", "password"}) {
      String value = parameters.remove(secret);
      if (value != null) {
        properties.setProperty(secret, decoded(value));
      }
    }
    String url = base + joined(parameters);
    if (Driver.parseURL(url, new Properties()) == null) {
      throw new InvalidRequestException(
          "'%s' is not a PostgreSQL address: expected jdbc:postgresql://host:port/database or postgres://user:password@host:port/database"
              .formatted(base));
    }
    return new PostgresAddress(url, properties, base, pooled, connections, grace);
  }

  private static Map<String, String> parameters(String query) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String part : query.split("&", -1)) {
      if (!part.isEmpty()) {
        int equals = part.indexOf('=');
        parameters.put(
            equals < 0 ? part : part.substring(0, equals),
            equals < 0 ? "" : part.substring(equals + 1));
      }
    }
    return parameters;
  }

  private static String joined(Map<String, String> parameters) {
    StringBuilder text = new StringBuilder();
    parameters.forEach(
        (key, value) ->
            text.append(text.isEmpty() ? '?' : '&').append(key).append('=').append(value));
    return text.toString();
  }

  private static String decoded(String value) {
    try {
      return URLDecoder.decode(value, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException malformed) {
      throw new InvalidRequestException(
          "the user or password in the address is not encoded correctly: write % as %25",
          malformed);
    }
  }

  private static int connections(Optional<String> given) {
    try {
      int connections = given.map(Integer::parseInt).orElse(CONNECTIONS);
      if (connections >= 1 && connections <= CONNECTIONS_MAX) {
        return connections;
      }
    } catch (NumberFormatException notNumber) {
      // throws the same message below
    }
    throw new InvalidRequestException(
        "connections=%s in the address: expected a number from 1 to %d"
            .formatted(given.orElse(""), CONNECTIONS_MAX));
  }

  private static Duration grace(Optional<String> given) {
    Optional<Duration> grace =
        given.isEmpty() ? Optional.of(GRACE) : given.flatMap(Durations::find);
    return grace
        .filter(one -> one.compareTo(GRACE_MIN) >= 0 && one.compareTo(GRACE_MAX) <= 0)
        .orElseThrow(
            () ->
                new InvalidRequestException(
                    "grace=%s in the address: expected a duration from %s to %s, such as 2s"
                        .formatted(
                            given.orElse(""),
                            Durations.describe(GRACE_MIN),
                            Durations.describe(GRACE_MAX))));
  }

  /** Converts to a JDBC URL. The password stays encoded here; it is decoded with the parameters. */
  private static String toJdbc(String address) {
    try {
      URI uri = new URI(address);
      String authority = Optional.ofNullable(uri.getRawAuthority()).orElse("");
      int at = authority.lastIndexOf('@');
      String hosts = authority.substring(at + 1);
      StringBuilder query = new StringBuilder(Optional.ofNullable(uri.getRawQuery()).orElse(""));
      if (at >= 0) {
        String[] userAndPassword = authority.substring(0, at).split(":", 2);
        append(query, "user", userAndPassword[0]);
        if (userAndPassword.length == 2) {
          append(query, "password", userAndPassword[1]);
        }
      }
      String path = Optional.ofNullable(uri.getRawPath()).orElse("");
      return JDBC
          + "//"
          + hosts
          + (path.isEmpty() ? "/" : path)
          + (query.isEmpty() ? "" : "?" + query);
    } catch (URISyntaxException malformed) {
      throw new InvalidRequestException( // its text is not repeated: it may hold a password
          "the address of PostgreSQL is malformed: expected"
              + " postgres://user:password@host:port/database, with special characters encoded as"
              + " in any URL");
    }
  }

  private static void append(StringBuilder query, String key, String value) {
    query
        .append(query.isEmpty() ? "" : "&")
        .append(key)
        .append('=')
        .append(value.replace("+", "%2B"));
  }
}
