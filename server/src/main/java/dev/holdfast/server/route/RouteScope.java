package dev.holdfast.server.route;

/** The scope of a route, which determines the tokens that may use it. */
public enum RouteScope {
  /** The route reads or changes things of all groups: not for tokens with groups. */
  QUEUE,
  /** The route restricts itself to the scope of the caller. */
  SCOPE
}
