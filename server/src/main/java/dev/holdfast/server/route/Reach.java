package dev.holdfast.server.route;

/** How far a route reaches, and so which tokens may use it. */
public enum Reach {
  /** It shows or changes what belongs to all groups: not for tokens with a scope of groups. */
  QUEUE,
  /** It keeps to the scope of the caller: whoever wrote it has seen to that. */
  SCOPE
}
