package dev.holdfast.search;

import dev.holdfast.check.Check;
import dev.holdfast.check.Limits;
import dev.holdfast.check.Names;
import dev.holdfast.error.InvalidRequestException;
import java.util.Optional;
import java.util.Set;

/**
 * The groups whose jobs someone may see and change. For them no other jobs exist: neither those of
 * other groups nor those without a group.
 *
 * @param groups the groups; empty for all jobs
 */
public record Scope(Optional<Set<String>> groups) {
  private static final Scope ALL = new Scope(Optional.empty());

  /**
   * Copies the names.
   *
   * @throws InvalidRequestException if there are none or more than {@link Limits#SCOPE_GROUPS_MAX},
   *     or a name is invalid
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

  /** Covers all jobs. */
  public static Scope all() {
    return ALL;
  }

  /** Covers the jobs of these groups. */
  public static Scope of(Set<String> groups) {
    return new Scope(Optional.of(groups));
  }

  /** Returns whether it covers all jobs. */
  public boolean isAll() {
    return groups.isEmpty();
  }

  /** Returns whether it covers jobs of this group. */
  public boolean covers(Optional<String> group) {
    return groups.map(names -> group.filter(names::contains).isPresent()).orElse(true);
  }
}
