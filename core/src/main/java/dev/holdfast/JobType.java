package dev.holdfast;

import dev.holdfast.check.Check;
import dev.holdfast.check.Names;
import dev.holdfast.error.InvalidRequestException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A type of jobs as one process knows it: a stable name, independent of class names. Immutable;
 * each method below returns a changed copy.
 *
 * <pre>{@code
 * JobType<Mail, Receipt> mail = JobType.of("mail", Mail.class, Receipt.class)
 *     .aliases("send-mail")                              // jobs that were enqueued under an old name
 *     .upcast(1, old -> Map.of("to", old, "cc", List.of())); // payloads of version 1 become version 2
 * holdfast.handle(mail, (m, job) -> send(m));
 * JobId id = holdfast.enqueue(mail.with(new Mail("ada@example.org"))).id();
 * Optional<Receipt> receipt = holdfast.queue().await(id, mail, Duration.ofMinutes(1)).get();
 * }</pre>
 *
 * @param name the name that jobs carry
 * @param payload what the payload is decoded to
 * @param result what a result is decoded to
 * @param aliases other names whose jobs the same handler runs
 * @param upcasters conversions of a payload from version <i>n</i>, the key, to version <i>n</i> +
 *     1; one for each of the versions 1 to {@link #version} − 1
 * @param policy the policy for its jobs
 * @param <P> the payload's type
 * @param <R> the result's type; {@code Object} if nobody reads it as anything else
 */
public record JobType<P, R>(
    String name,
    Class<P> payload,
    Class<R> result,
    Set<String> aliases,
    Map<Integer, Upcaster> upcasters,
    HandlerPolicy policy) {

  /**
   * Checks names and versions.
   *
   * @throws InvalidRequestException if a name is invalid, or the versions have a gap
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

  /** Creates a type without aliases, with payloads of version 1 and the default policy. */
  public static <P> JobType<P, Object> of(String name, Class<P> payload) {
    return of(name, payload, Object.class);
  }

  /** Creates a type like {@link #of(String, Class)}, with typed results. */
  public static <P, R> JobType<P, R> of(String name, Class<P> payload, Class<R> result) {
    return new JobType<>(name, payload, result, Set.of(), Map.of(), HandlerPolicy.defaults());
  }

  /** Returns the current version of its payloads, from 1: one more than the number of upcasters. */
  public int version() {
    return upcasters.size() + 1;
  }

  /** Adds other names whose jobs the same handler runs. */
  public JobType<P, R> aliases(String... more) {
    Set<String> all = new LinkedHashSet<>(aliases);
    all.addAll(List.of(more));
    return new JobType<>(name, payload, result, all, upcasters, policy);
  }

  /** Adds a conversion of payloads from version {@code from} to the next. */
  public JobType<P, R> upcast(int from, Upcaster upcaster) {
    Map<Integer, Upcaster> all = new HashMap<>(upcasters);
    all.put(from, upcaster);
    return new JobType<>(name, payload, result, aliases, all, policy);
  }

  /** Sets the policy for its jobs. */
  public JobType<P, R> policy(HandlerPolicy newPolicy) {
    return new JobType<>(name, payload, result, aliases, upcasters, newPolicy);
  }

  /** Creates a job of this type with a payload in the current version. */
  public NewJob with(P value) {
    return NewJob.of(name, value).version(version());
  }

  /** Returns the name and the aliases. */
  public List<String> names() {
    List<String> names = new ArrayList<>(aliases);
    names.add(0, name);
    return names;
  }
}
