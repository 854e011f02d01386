package dev.holdfast.server.api;

import dev.holdfast.Job;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.check.Printable;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.http.Fields;
import dev.holdfast.http.Redaction;
import dev.holdfast.search.FieldMatch;
import dev.holdfast.server.route.Query;
import dev.holdfast.spi.FilterParameters;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Reads the jobs that a request selects. What redaction hides cannot be searched either, as the
 * number of results would reveal it.
 */
final class Selection {
  private static final int IDS_MAX = 100;
  private static final Set<String> NUMBERS = Set.of("attempts", "crashes", "priority");
  private static final Set<String> LISTS =
      Set.of(
          "state",
          "not_state",
          "queue",
          "not_queue",
          "type",
          "not_type",
          "group",
          "ids",
          "tag",
          "any_tag",
          "failure",
          "where");

  private final Redaction redaction;

  Selection(Redaction redaction) {
    this.redaction = redaction;
  }

  /** Returns the parameters of a filter and these others. */
  static String[] parameters(String... others) {
    return Stream.concat(FilterParameters.NAMES.stream(), Stream.of(others)).toArray(String[]::new);
  }

  /**
   * Reads a filter from a query.
   *
   * @param others the other parameters of the route
   * @throws InvalidRequestException listing every mistake
   */
  JobFilter of(Query query, String... others) {
    JobFilter filter = FilterParameters.read(query.all(), Set.of(others));
    if (filter.ids().size() > IDS_MAX) {
      throw new InvalidRequestException(
          "the parameter 'ids' must have at most %d ids, had %d"
              .formatted(IDS_MAX, filter.ids().size()));
    }
    checkFields(filter);
    return filter;
  }

  /**
   * Reads a filter from a body, where a value is a text, an array of texts where it may be
   * repeated, or a whole number in place of a range.
   *
   * @throws InvalidRequestException listing every mistake
   */
  JobFilter of(JsonNode node) {
    if (!node.isObject()) {
      throw new InvalidRequestException(
          "field 'filter' must be an object, was %s"
              .formatted(Printable.brief(node.toString(), 60)));
    }
    Map<String, List<String>> texts = new LinkedHashMap<>();
    node.properties()
        .forEach(field -> texts.put(field.getKey(), texts(field.getKey(), field.getValue())));
    JobFilter filter = FilterParameters.read(texts, Set.of());
    checkFields(filter);
    return filter;
  }

  private static List<String> texts(String name, JsonNode value) {
    if (value.isNull()) {
      return List.of();
    }
    if (value.isIntegralNumber() && NUMBERS.contains(name)) {
      return List.of(value.asString());
    }
    boolean isList = value.isArray() && LISTS.contains(name);
    List<JsonNode> items = isList ? List.copyOf(value.values()) : List.of(value);
    if (!items.stream().allMatch(JsonNode::isString)) {
      throw new InvalidRequestException(
          "field '%s' must be %s, was %s"
              .formatted(name, expected(name), Printable.brief(value.toString(), 60)));
    }
    return items.stream().map(JsonNode::asString).toList();
  }

  private static String expected(String name) {
    if (NUMBERS.contains(name)) {
      return "a text or a whole number";
    }
    return LISTS.contains(name) ? "a text or an array of texts" : "a text";
  }

  private void checkFields(JobFilter filter) {
    for (FieldMatch match : filter.fields()) {
      if (redaction.hides(match.field())) {
        throw new InvalidRequestException(
            "the field %s is redacted, and cannot be searched".formatted(match.field()));
      }
    }
  }

  /** Refuses a search for a text of failures where only the number of results would be seen. */
  void checkCounted(JobFilter filter) {
    if (filter.failureText().isPresent() && !redaction.isNone()) {
      throw new InvalidRequestException(
          "failure_text is not available here while fields are redacted: select by failure, or"
              + " list the jobs and name their ids");
    }
  }

  /** Returns the jobs whose failure contains the wanted text without what is redacted in it. */
  List<Job> visible(JobFilter filter, List<Job> jobs) {
    if (filter.failureText().isEmpty() || redaction.isNone()) {
      return jobs;
    }
    String text = filter.failureText().get();
    return jobs.stream()
        .filter(
            job ->
                job.failure()
                    .filter(failure -> redaction.of(failure, job).message().contains(text))
                    .isPresent())
        .toList();
  }

  static List<JobId> ids(Fields fields) {
    JsonNode node = fields.any("ids");
    List<JsonNode> items = node.isArray() ? List.copyOf(node.values()) : List.of();
    if (!node.isArray() || items.stream().anyMatch(item -> !item.isString())) {
      throw new InvalidRequestException(
          "field 'ids' must be an array of strings, was %s"
              .formatted(Printable.brief(node.toString(), 60)));
    }
    List<JobId> ids = new ArrayList<>();
    items.forEach(item -> ids.add(JobId.parse(item.asString())));
    return ids;
  }
}
