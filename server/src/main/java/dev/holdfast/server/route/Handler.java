package dev.holdfast.server.route;

/** The handler of a route. */
@FunctionalInterface
public interface Handler {

  /**
   * Handles an authorized request, on a thread that may block.
   *
   * @throws dev.holdfast.error.HoldfastException becomes the corresponding problem
   * @throws dev.holdfast.http.ProblemException becomes its problem
   */
  Answer answer(Call call);
}
