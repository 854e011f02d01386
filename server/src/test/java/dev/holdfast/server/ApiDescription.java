package dev.holdfast.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.holdfast.http.OpenApi;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The description of the API, to hold answers against: status, media type, and every field. */
final class ApiDescription {
  private static final SchemaRegistry SCHEMAS =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  private final JsonNode document = new YAMLMapper().readTree(OpenApi.yaml());
  private final Map<JsonNode, Schema> compiled = new ConcurrentHashMap<>();

  JsonNode document() {
    return document;
  }

  /** What a reference within the document stands for. */
  JsonNode resolve(JsonNode node) {
    return node.has("$ref") ? document.at(node.get("$ref").asString().substring(1)) : node;
  }

  /** Fails unless the answer is described. Of paths and methods that are not, nothing is said. */
  void check(String method, String path, int status, String mediaType, String body) {
    Optional<JsonNode> operation =
        operation(path).map(found -> found.get(method.toLowerCase(Locale.ROOT)));
    if (operation.isEmpty()) {
      assertThat(status).as("%s %s is not described", method, path).isIn(404, 405, 421, 400);
      return;
    }
    String what = "%s %s: %d %s %s".formatted(method, path, status, mediaType, body);
    boolean isOfAnyOperation = status == 405 || status == 421;
    JsonNode answer =
        isOfAnyOperation
            ? document.at("/components/responses/Problem")
            : operation.get().path("responses").path(String.valueOf(status));
    assertThat(answer.isMissingNode()).as("no such status: " + what).isFalse();
    JsonNode content = resolve(answer).path("content");
    if (content.isMissingNode()) {
      assertThat(body).as(what).isEmpty();
      return;
    }
    JsonNode media = content.path(mediaType);
    assertThat(media.isMissingNode()).as("no such media type: " + what).isFalse();
    if (!mediaType.endsWith("json")) {
      return;
    }
    Schema schema = compiled.computeIfAbsent(media.get("schema"), this::compile);
    assertThat(schema.validate(body, InputFormat.JSON)).as(what).isEmpty();
  }

  /** References within the document are references within the schema too. */
  private Schema compile(JsonNode node) {
    ObjectNode whole = JsonNodeFactory.instance.objectNode();
    whole.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    whole.set("components", document.get("components"));
    whole.set("allOf", JsonNodeFactory.instance.arrayNode().add(node));
    return SCHEMAS.getSchema(whole.toString(), InputFormat.JSON);
  }

  /** The words of a template go before its variables. */
  private Optional<JsonNode> operation(String path) {
    JsonNode paths = document.get("paths");
    if (paths.has(path)) {
      return Optional.of(paths.get(path));
    }
    return paths.properties().stream()
        .filter(template -> matches(template.getKey(), path))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  private static boolean matches(String template, String path) {
    List<String> words = List.of(template.split("/", -1));
    List<String> given = List.of(path.split("/", -1));
    return words.size() == given.size()
        && IntStream.range(0, words.size())
            .allMatch(
                i ->
                    words.get(i).startsWith("{")
                        ? !given.get(i).isEmpty()
                        : words.get(i).equals(given.get(i)));
  }
}
