package dev.holdfast.server.route;

/** What a route does. */
@FunctionalInterface
public interface Handler {

  /**
   * Answers a request whose caller may make it. On a thread that may wait for the database.
   *
   * @throws dev.holdfast.HoldfastException each becomes the problem that it stands for
   * @throws dev.holdfast.http.ProblemException becomes its problem
   */
  Answer answer(Exchange exchange);
}
