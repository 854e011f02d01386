package dev.holdfast.server.route;

import dev.holdfast.server.access.Permission;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One method of one path. Each route declares the permission it requires; without that the server
 * does not start.
 *
 * @param method the method
 * @param path a template such as {@code /api/v1/jobs/{id}}
 * @param handler its handler
 * @param permission the permission that it requires
 * @param reach its scope
 * @param query its query parameters; others are refused
 * @param isQueryFree whether other query parameters are ignored instead of refused
 * @param body the body that it accepts
 */
public record Route(
    Method method,
    String path,
    Handler handler,
    Optional<Permission> permission,
    RouteScope reach,
    Set<String> query,
    boolean isQueryFree,
    Body body) {

  /** Copies the names. */
  public Route {
    query = Set.copyOf(query);
  }

  /** Creates a route without permission, query and body. */
  public static Route of(Method method, String path, Handler handler) {
    return new Route(
        method, path, handler, Optional.empty(), RouteScope.QUEUE, Set.of(), false, Body.NONE);
  }

  /** Returns a copy that requires this permission. */
  public Route needs(Permission newPermission) {
    return new Route(
        method, path, handler, Optional.of(newPermission), reach, query, isQueryFree, body);
  }

  /**
   * Returns a copy that is open to tokens with groups, too: its handler restricts itself to their
   * scope.
   */
  public Route inScope() {
    return new Route(method, path, handler, permission, RouteScope.SCOPE, query, isQueryFree, body);
  }

  /** Returns a copy with these query parameters. */
  public Route query(String... names) {
    return new Route(method, path, handler, permission, reach, Set.of(names), isQueryFree, body);
  }

  /** With any query parameters: a script in the browser reads them. */
  public Route freeQuery() {
    return new Route(method, path, handler, permission, reach, query, true, body);
  }

  /** Returns a copy with a required JSON body. */
  public Route body(int bytesMax) {
    return new Route(
        method, path, handler, permission, reach, query, isQueryFree, new Body(bytesMax, true));
  }

  /** Returns a copy with an optional JSON body. */
  public Route optionalBody(int bytesMax) {
    return new Route(
        method, path, handler, permission, reach, query, isQueryFree, new Body(bytesMax, false));
  }

  /** Returns its name in messages and in the audit log. */
  public String name() {
    return method + " " + path;
  }

  List<String> segments() {
    return List.of(path.substring(1).split("/", -1));
  }
}
