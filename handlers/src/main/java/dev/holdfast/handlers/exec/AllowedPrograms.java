package dev.holdfast.handlers.exec;

import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/**
 * The programs that jobs may run here. Everybody who can write to the database decides what a
 * worker runs: with a file of the same user that is nobody else, with a shared database it can be
 * anybody.
 */
public final class AllowedPrograms {
  private static final String ALL = "*";

  private final Set<String> names;

  private AllowedPrograms(Set<String> names) {
    this.names = names;
  }

  /** Allows any program. */
  public static AllowedPrograms all() {
    return new AllowedPrograms(Set.of(ALL));
  }

  /** Allows commands that begin with one of these words; {@code *} allows any. */
  public static AllowedPrograms of(Collection<String> names) {
    return new AllowedPrograms(Set.copyOf(names));
  }

  /** Returns whether every program may run. */
  boolean areAll() {
    return names.contains(ALL);
  }

  /**
   * Returns why this must not run, if so. Unless everything is allowed, a job must not set the
   * environment either: it could turn the allowed program into another.
   */
  Optional<String> objection(String program, ExecPayload payload) {
    if (areAll()) {
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
