package dev.holdfast.handlers.exec;

import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/**
 * Which programs jobs may run here. Whoever may write into the database decides what a worker runs:
 * in a file of the same user that is nobody new, in a database of others it can be anybody.
 */
public final class AllowedPrograms {
  private static final String ALL = "*";

  private final Set<String> names;

  private AllowedPrograms(Set<String> names) {
    this.names = names;
  }

  /** Whatever a job names. */
  public static AllowedPrograms all() {
    return new AllowedPrograms(Set.of(ALL));
  }

  /** Those whose command begins with one of these words; {@code *} is every word. */
  public static AllowedPrograms of(Collection<String> names) {
    return new AllowedPrograms(Set.copyOf(names));
  }

  /**
   * Why this must not run, if so. Where not everything may, a job must not set the environment
   * either: it could make another program of the one that may run.
   */
  Optional<String> objection(String program, ExecPayload payload) {
    if (names.contains(ALL)) {
      return Optional.empty();
    }
    if (!names.contains(program)) {
      return Optional.of(
          "the program '%s' may not run on this node: its operator can allow it with --allow-exec"
              .formatted(program));
    }
    return payload.env() == null || payload.env().isEmpty()
        ? Optional.empty()
        : Optional.of(
            "a job must not set variables on this node, as not every program may run there: leave out 'env'");
  }
}
