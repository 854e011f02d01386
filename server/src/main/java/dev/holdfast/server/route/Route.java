package dev.holdfast.server.route;

import dev.holdfast.server.access.Permission;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What can be asked of the server: one method of one path. A route says what it asks of its
 * callers; one that does not keeps the server from starting.
 *
 * @param method the method
 * @param path a template such as {@code /api/v1/jobs/{id}}
 * @param handler what it does
 * @param permission what its callers need
 * @param reach which of them
 * @param query the query parameters that it knows; any other is refused
 * @param body the body that it takes
 */
public record Route(
    Method method,
    String path,
    Handler handler,
    Optional<Permission> permission,
    Reach reach,
    Set<String> query,
    Body body) {

  /** Copies the names. */
  public Route {
    query = Set.copyOf(query);
  }

  /** A route that nobody may use yet, without query and body. */
  public static Route of(Method method, String path, Handler handler) {
    return new Route(method, path, handler, Optional.empty(), Reach.QUEUE, Set.of(), Body.NONE);
  }

  /** For callers who have this permission. */
  public Route needs(Permission newPermission) {
    return new Route(method, path, handler, Optional.of(newPermission), reach, query, body);
  }

  /** For tokens with a scope too: the handler keeps to it. */
  public Route inScope() {
    return new Route(method, path, handler, permission, Reach.SCOPE, query, body);
  }

  /** With these query parameters. */
  public Route query(String... names) {
    return new Route(method, path, handler, permission, reach, Set.of(names), body);
  }

  /** With a JSON body, which must be there. */
  public Route body(int bytesMax) {
    return new Route(method, path, handler, permission, reach, query, new Body(bytesMax, true));
  }

  /** With a JSON body, which may be left out. */
  public Route optionalBody(int bytesMax) {
    return new Route(method, path, handler, permission, reach, query, new Body(bytesMax, false));
  }

  /** What it is called in messages and in the audit log. */
  public String name() {
    return method + " " + path;
  }

  List<String> segments() {
    return List.of(path.substring(1).split("/", -1));
  }
}
