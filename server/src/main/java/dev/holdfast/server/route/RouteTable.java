package dev.holdfast.server.route;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All routes, found by their paths. A literal segment takes precedence over a variable: {@code
 * /jobs/bulk} is not a job.
 */
public final class RouteTable {
  private final List<Route> routes;
  private final Place root = new Place();

  /**
   * Creates a table and checks the routes.
   *
   * @throws IllegalStateException if one declares no permission, or two are the same
   */
  public RouteTable(List<Route> routes) {
    this.routes = List.copyOf(routes);
    this.routes.forEach(this::add);
  }

  /** A path with its routes and the values of its variables. */
  public record Match(Map<Method, Route> routes, List<String> variables) {
    /** Returns the values of the path variables by name. */
    Map<String, String> named(Route route) {
      Map<String, String> values = new HashMap<>();
      int next = 0;
      for (String segment : route.segments()) {
        if (isVariable(segment)) {
          values.put(segment.substring(1, segment.length() - 1), variables.get(next++));
        }
      }
      return values;
    }
  }

  private static final class Place {
    private final Map<String, Place> words = new HashMap<>();
    private final Map<Method, Route> routes = new EnumMap<>(Method.class);
    private @Nullable Place variable;
  }

  private void add(Route route) {
    if (route.permission().isEmpty()) {
      throw new IllegalStateException(
          "the route %s declares no permission: a bug".formatted(route.name()));
    }
    Place place = root;
    Set<String> variables = new HashSet<>();
    for (String segment : route.segments()) {
      if (!isVariable(segment)) {
        place = place.words.computeIfAbsent(segment, word -> new Place());
        continue;
      }
      if (!variables.add(segment)) {
        throw new IllegalStateException(
            "%s names %s twice: a bug".formatted(route.name(), segment));
      }
      place.variable = place.variable == null ? new Place() : place.variable;
      place = place.variable;
    }
    if (place.routes.put(route.method(), route) != null) {
      throw new IllegalStateException("there are two routes %s: a bug".formatted(route.name()));
    }
  }

  private static boolean isVariable(String segment) {
    return segment.startsWith("{");
  }

  /** Returns all routes. */
  public List<Route> routes() {
    return routes;
  }

  /**
   * Finds the routes of a path; empty if there are none.
   *
   * @param segments the parts of the path, decoded
   */
  public Optional<Match> find(List<String> segments) {
    Optional<Match> found = find(root, segments, 0, new ArrayList<>());
    return found.filter(match -> !match.routes().isEmpty());
  }

  private static Optional<Match> find(
      Place place, List<String> segments, int depth, List<String> variables) {
    if (depth == segments.size()) {
      return place.routes.isEmpty()
          ? Optional.empty()
          : Optional.of(new Match(place.routes, List.copyOf(variables)));
    }
    String segment = segments.get(depth);
    Place word = place.words.get(segment);
    Optional<Match> found =
        word == null ? Optional.empty() : find(word, segments, depth + 1, variables);
    if (found.isPresent() || place.variable == null || segment.isEmpty()) {
      return found;
    }
    List<String> more = new ArrayList<>(variables);
    more.add(segment);
    return find(place.variable, segments, depth + 1, more);
  }
}
