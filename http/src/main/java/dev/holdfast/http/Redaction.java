package dev.holdfast.http;

import dev.holdfast.Failure;
import dev.holdfast.InvalidRequestException;
import dev.holdfast.Job;
import dev.holdfast.Printable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * Keeps secrets out of what is shown: the values of some fields are replaced by {@value #INSTEAD}.
 * A name means every field that is called so, however deep and in whatever case. A path with dots
 * means one: {@code payload.card.number}, {@code result.token}, {@code metadata.owner}; what stands
 * in an array is at the array's own path.
 */
public final class Redaction {
  /** What stands in place of a secret. */
  public static final String INSTEAD = "[redacted]";

  private static final int CHARS_MIN = 4;

  private static final Redaction NONE = new Redaction(Set.of(), Set.of());

  private final Set<String> names;
  private final Set<List<String>> paths;

  private Redaction(Set<String> names, Set<List<String>> paths) {
    this.names = names;
    this.paths = paths;
  }

  /** Nothing is secret. */
  public static Redaction none() {
    return NONE;
  }

  /**
   * These fields are secret.
   *
   * @throws InvalidRequestException if one is neither a name nor a path
   */
  public static Redaction of(Collection<String> fields) {
    Set<String> names = new HashSet<>();
    Set<List<String>> paths = new HashSet<>();
    for (String field : fields) {
      List<String> path = List.of(field.toLowerCase(Locale.ROOT).split("\\.", -1));
      if (path.stream().anyMatch(String::isBlank)) {
        throw new InvalidRequestException(
            "%s is no field: expected a name such as password, or a path such as payload.card.number"
                .formatted(Printable.quoted(field)));
      }
      if (path.size() == 1) {
        names.add(path.get(0));
      } else {
        paths.add(path);
      }
    }
    return new Redaction(Set.copyOf(names), Set.copyOf(paths));
  }

  /** Whether nothing is secret. */
  public boolean isNone() {
    return names.isEmpty() && paths.isEmpty();
  }

  /**
   * A JSON text without secrets; the text itself if nothing is secret.
   *
   * @param root what it is, such as {@code payload}; empty if its fields are those that paths begin
   *     with
   */
  public String of(String root, String json) {
    if (isNone()) {
      return json;
    }
    JsonNode node;
    try {
      node = Json.read(root, json);
    } catch (InvalidRequestException unreadable) {
      return Json.write(INSTEAD); // who cannot read it cannot find secrets in it
    }
    return Json.write(cleaned(node, root.isEmpty() ? List.of() : List.of(root)));
  }

  /**
   * What went wrong, without the secrets of its job, as a message likes to quote what it could not
   * read. Values of fewer than {@value #CHARS_MIN} characters stay: they would blot out half of it.
   */
  public Failure of(Failure failure, Job job) {
    if (isNone()) {
      return failure;
    }
    Set<String> secrets = secretsOf(job);
    return new Failure(
        failure.kind(), without(secrets, failure.message()), without(secrets, failure.trace()));
  }

  /**
   * What is said of a job, without its secrets, as for a failure.
   *
   * @param text may have been cut short, in the midst of a secret too
   */
  String of(String text, Job job) {
    Set<String> secrets = secretsOf(job);
    String clean = without(secrets, text);
    for (String secret : secrets) {
      clean = withoutStart(secret, clean);
    }
    return clean;
  }

  private static String without(Set<String> secrets, String text) {
    String clean = text;
    for (String secret : secrets) {
      clean = clean.replace(secret, INSTEAD);
    }
    return clean;
  }

  private static String withoutStart(String secret, String text) {
    for (int length = secret.length() - 1; length >= CHARS_MIN; length--) {
      if (text.endsWith(secret.substring(0, length))) {
        return text.substring(0, text.length() - length) + INSTEAD;
      }
    }
    return text;
  }

  /** The longest first: of one that is a part of another, the rest must not stay. */
  private Set<String> secretsOf(Job job) {
    Set<String> secrets =
        new TreeSet<>(
            Comparator.comparingInt(String::length)
                .reversed()
                .thenComparing(Comparator.naturalOrder()));
    collect("payload", Optional.of(job.payload()), secrets);
    collect("metadata", job.metadata(), secrets);
    collect("result", job.result(), secrets);
    return secrets;
  }

  private void collect(String root, Optional<String> json, Set<String> secrets) {
    try {
      json.ifPresent(text -> collect(Json.read(root, text), List.of(root), false, secrets));
    } catch (InvalidRequestException unreadable) {
      // who cannot read it cannot find secrets in it
    }
  }

  private void collect(JsonNode node, List<String> path, boolean isSecret, Set<String> secrets) {
    if (node.isObject()) {
      for (Map.Entry<String, JsonNode> field : node.properties()) {
        List<String> inside = inside(path, field.getKey());
        collect(field.getValue(), inside, isSecret || isSecret(inside), secrets);
      }
    } else if (node.isArray()) {
      node.values().forEach(item -> collect(item, path, isSecret, secrets));
    } else if (isSecret && node.asString("").length() >= CHARS_MIN) {
      secrets.add(node.asString(""));
    }
  }

  private static List<String> inside(List<String> path, String name) {
    List<String> inside = new ArrayList<>(path);
    inside.add(name.toLowerCase(Locale.ROOT));
    return inside;
  }

  private boolean isSecret(List<String> path) {
    return names.contains(path.get(path.size() - 1)) || paths.contains(path);
  }

  private JsonNode cleaned(JsonNode node, List<String> path) {
    if (node instanceof ArrayNode array) {
      ArrayNode clean = array.arrayNode();
      array.values().forEach(item -> clean.add(cleaned(item, path)));
      return clean;
    }
    if (!(node instanceof ObjectNode object)) {
      return node;
    }
    ObjectNode clean = object.objectNode();
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      List<String> inside = inside(path, field.getKey());
      clean.set(
          field.getKey(),
          isSecret(inside) ? StringNode.valueOf(INSTEAD) : cleaned(field.getValue(), inside));
    }
    return clean;
  }
}
