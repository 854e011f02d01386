package dev.holdfast.server.api;

import dev.holdfast.InvalidRequestException;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.Printable;
import dev.holdfast.http.Fields;
import dev.holdfast.http.NewJobJson;
import dev.holdfast.server.route.Query;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Which jobs a request means. */
final class Selection {
  /** The query parameters. */
  static final String[] PARAMETERS = {"state", "queue", "type", "group"};

  private static final int IDS_MAX = 100;
  private static final Set<String> FIELDS = new TreeSet<>(Set.of(PARAMETERS));

  private Selection() {}

  static JobFilter of(Query query) {
    JobFilter filter = JobFilter.ids(ids(query)).states(query.words("state", JobState.class));
    filter = query.text("queue").map(filter::queue).orElse(filter);
    filter = query.text("type").map(filter::type).orElse(filter);
    return query.text("group").map(filter::group).orElse(filter);
  }

  private static List<JobId> ids(Query query) {
    List<JobId> ids =
        query.text("ids").stream()
            .flatMap(text -> Stream.of(text.split(",", -1)))
            .map(JobId::parse)
            .toList();
    if (ids.size() > IDS_MAX) {
      throw new InvalidRequestException(
          "the parameter 'ids' takes at most %d, had %d".formatted(IDS_MAX, ids.size()));
    }
    return ids;
  }

  /** A filter in a body: {@code state} is an array. */
  static JobFilter of(JsonNode node) {
    NewJobJson.checkFields("filter", node, FIELDS);
    Fields fields = new Fields(node);
    JobFilter filter = JobFilter.all().states(states(fields));
    Optional<String> queue = fields.maybeText("queue");
    filter = queue.map(filter::queue).orElse(filter);
    Optional<String> type = fields.maybeText("type");
    filter = type.map(filter::type).orElse(filter);
    Optional<String> group = fields.maybeText("group");
    return group.map(filter::group).orElse(filter);
  }

  private static Set<JobState> states(Fields fields) {
    Set<JobState> states = EnumSet.noneOf(JobState.class);
    if (!fields.isNull("state")) {
      for (JsonNode item : array("state", fields.any("state"))) {
        try {
          states.add(JobState.valueOf(item.asString()));
        } catch (IllegalArgumentException unknown) {
          throw new InvalidRequestException(
              "field 'state' has %s, expected some of %s"
                  .formatted(item, List.of(JobState.values())),
              unknown);
        }
      }
    }
    return states;
  }

  static List<JobId> ids(Fields fields) {
    List<JobId> ids = new ArrayList<>();
    for (JsonNode item : array("ids", fields.any("ids"))) {
      ids.add(JobId.parse(item.asString()));
    }
    return ids;
  }

  private static List<JsonNode> array(String name, JsonNode node) {
    List<JsonNode> items = node.isArray() ? List.copyOf(node.values()) : List.of();
    if (!node.isArray() || items.stream().anyMatch(item -> !item.isString())) {
      throw new InvalidRequestException(
          "field '%s' must be an array of strings, was %s"
              .formatted(name, Printable.brief(node.toString(), 60)));
    }
    return items;
  }
}
