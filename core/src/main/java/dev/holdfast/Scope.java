package dev.holdfast;

import java.util.Optional;
import java.util.Set;

/**
 * The groups whose jobs someone may see and touch. Whatever is outside does not exist for them:
 * jobs of other groups, and those that belong to none.
 *
 * @param groups these; empty for all jobs
 */
public record Scope(Optional<Set<String>> groups) {
  private static final Scope ALL = new Scope(Optional.empty());

  /**
   * Copies the names.
   *
   * @throws InvalidRequestException if there are none or more than {@link Limits#SCOPE_GROUPS_MAX},
   *     or no group can be called that
   */
  public Scope {
    groups = groups.map(Set::copyOf);
    groups.ifPresent(Scope::check);
  }

  private static void check(Set<String> names) {
    Check.that(
        !names.isEmpty() && names.size() <= Limits.SCOPE_GROUPS_MAX,
        "a scope has 1 to %d groups, had %d",
        Limits.SCOPE_GROUPS_MAX,
        names.size());
    names.forEach(name -> Names.check("group", name));
  }

  /** All jobs. */
  public static Scope all() {
    return ALL;
  }

  /** The jobs of these groups. */
  public static Scope of(Set<String> groups) {
    return new Scope(Optional.of(groups));
  }

  /** Whether it excludes nothing. */
  public boolean isAll() {
    return groups.isEmpty();
  }

  /** Whether a job of this group is inside. */
  public boolean covers(Optional<String> group) {
    return groups.map(names -> group.filter(names::contains).isPresent()).orElse(true);
  }
}
