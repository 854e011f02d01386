package dev.holdfast.http;

import dev.holdfast.Failure;
import dev.holdfast.Job;
import dev.holdfast.check.Printable;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.search.JobField;
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
 * Removes secrets from output by replacing the values of some fields with {@value #INSTEAD}. A name
 * selects every field with that name at any depth, case-insensitively. A path with dots selects one
 * field: {@code payload.card.number}, {@code result.token}, {@code metadata.owner}; elements of an
 * array have the path of the array.
 */
public final class Redaction {
  /** The replacement for a secret. */
  public static final String INSTEAD = "[redacted]";

  private static final int CHARS_MIN = 4;

  private static final Redaction NONE = new Redaction(Set.of(), Set.of());

  private final Set<String> names;
  private final Set<List<String>> paths;

  private Redaction(Set<String> names, Set<List<String>> paths) {
    this.names = names;
    this.paths = paths;
  }

  /** Returns a redaction that removes nothing. */
  public static Redaction none() {
    return NONE;
  }

  /**
   * Returns a redaction of these fields.
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
            "invalid field %s: expected a name such as password, or a path such as payload.card.number"
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

  /** Returns whether this redaction removes nothing. */
  public boolean isNone() {
    return names.isEmpty() && paths.isEmpty();
  }

  /**
   * Returns a JSON text without secrets; the text itself if there are none.
   *
   * @param root the first part of its paths, such as {@code payload}; empty if paths begin with its
   *     own fields
   */
  public String of(String root, String json) {
    if (isNone()) {
      return json;
    }
    JsonNode node;
    try {
      node = Json.read(root, json);
    } catch (InvalidRequestException unreadable) {
      return Json.write(INSTEAD); // secrets cannot be found in malformed JSON
    }
    return Json.write(cleaned(node, root.isEmpty() ? List.of() : List.of(root)));
  }

  /**
   * Returns a failure without the secrets of its job, as messages often quote malformed input.
   * Values of fewer than {@value #CHARS_MIN} characters stay, as replacing them would make the
   * message unreadable.
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
   * Returns a text about a job without the job's secrets, as for a failure.
   *
   * @param text the text, which may have been truncated within a secret
   */
  String of(String text, Job job) {
    Set<String> secrets = secretsOf(job);
    String clean = without(secrets, text);
    for (String secret : secrets) {
      clean = withoutStart(secret, clean);
    }
    return clean;
  }

  /** Returns whether the value of a field is hidden, for itself or with a field around it. */
  public boolean hides(JobField field) {
    List<String> path = List.of(field.root().name().toLowerCase(Locale.ROOT));
    for (String name : field.path()) {
      path = inside(path, name);
      if (isSecret(path)) {
        return true;
      }
    }
    return false;
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

  /**
   * Returns the secrets of a job, longest first, so that no rest of a secret stays if another one
   * is part of it.
   */
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
      // secrets cannot be found in malformed JSON
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
