package dev.holdfast;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A type of jobs as one process knows it: a stable name, never a class's. Immutable; each method
 * below answers a changed copy.
 *
 * <pre>{@code
 * JobType<Mail> mail = JobType.of("mail", Mail.class)
 *     .aliases("send-mail")                              // jobs that were enqueued under an old name
 *     .upcast(1, old -> Map.of("to", old, "cc", List.of())); // payloads of version 1 become version 2
 * holdfast.handle(mail, (m, job) -> send(m));
 * }</pre>
 *
 * @param name the name that jobs carry
 * @param payload what the payload is decoded to
 * @param aliases other names whose jobs the same handler runs
 * @param upcasters how to turn a payload of version <i>n</i>, the key, into one of version <i>n</i>
 *     + 1; the versions 1 to {@link #version} − 1 each have one
 * @param policy how its jobs are treated
 */
public record JobType<T>(
    String name,
    Class<T> payload,
    Set<String> aliases,
    Map<Integer, Upcaster> upcasters,
    HandlerPolicy policy) {

  /**
   * Checks names and versions.
   *
   * @throws InvalidRequestException if a name is not acceptable, or the versions have a gap
   */
  public JobType {
    Names.check("type", name);
    aliases.forEach(alias -> Names.check("alias of type '" + name + "'", alias));
    aliases = Set.copyOf(aliases);
    upcasters = Map.copyOf(upcasters);
    for (int version = 1; version <= upcasters.size(); version++) {
      Check.that(
          upcasters.containsKey(version),
          "type '%s' has %d upcasters, but none from version %d: each version from 1 on needs one",
          name,
          upcasters.size(),
          version);
    }
  }

  /** A type without aliases, whose payloads are of version 1, with the default policy. */
  public static <T> JobType<T> of(String name, Class<T> payload) {
    return new JobType<>(name, payload, Set.of(), Map.of(), HandlerPolicy.defaults());
  }

  /** The current version of its payloads, from 1: one more than there are upcasters. */
  public int version() {
    return upcasters.size() + 1;
  }

  /** Whose handler also runs jobs of these types. */
  public JobType<T> aliases(String... more) {
    Set<String> all = new LinkedHashSet<>(aliases);
    all.addAll(List.of(more));
    return new JobType<>(name, payload, all, upcasters, policy);
  }

  /** Which reads payloads of version {@code from} by turning them into the next version. */
  public JobType<T> upcast(int from, Upcaster upcaster) {
    Map<Integer, Upcaster> all = new HashMap<>(upcasters);
    all.put(from, upcaster);
    return new JobType<>(name, payload, aliases, all, policy);
  }

  /** Whose jobs are treated so. */
  public JobType<T> policy(HandlerPolicy newPolicy) {
    return new JobType<>(name, payload, aliases, upcasters, newPolicy);
  }

  /** A job of this type, its payload in the current version. */
  public NewJob job(T value) {
    return NewJob.of(name, value).version(version());
  }

  /** The name and the aliases. */
  public List<String> names() {
    List<String> names = new ArrayList<>(aliases);
    names.add(0, name);
    return names;
  }
}
