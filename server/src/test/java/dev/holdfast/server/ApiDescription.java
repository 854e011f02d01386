package dev.holdfast.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.holdfast.http.Json;
import dev.holdfast.http.OpenApi;
import java.net.URLDecoder;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Validates requests and responses against the description of the API: parameters, status, media
 * type, and every field.
 */
final class ApiDescription {
  private static final SchemaRegistry SCHEMAS =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  private final JsonNode document = new YAMLMapper().readTree(OpenApi.yaml());
  private final Map<JsonNode, Schema> compiled = new ConcurrentHashMap<>();

  JsonNode document() {
    return document;
  }

  /** Resolves a reference within the document. */
  JsonNode resolve(JsonNode node) {
    return node.has("$ref") ? document.at(node.get("$ref").asString().substring(1)) : node;
  }

  /** Fails unless the response is described. Undescribed paths and methods are ignored. */
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

  /**
   * Fails if a request was accepted that the description forbids. Undescribed paths and methods are
   * ignored.
   *
   * @param query the query as sent
   * @param body the body as sent; null if there was none
   */
  void checkAccepted(String method, String path, String query, @Nullable String body) {
    Optional<JsonNode> operation =
        operation(path).map(found -> found.get(method.toLowerCase(Locale.ROOT)));
    if (operation.isEmpty()) {
      return;
    }
    String what = "accepted: %s %s?%s %s".formatted(method, path, query, body);
    for (String pair : query.split("&", -1)) {
      String name = pair.replaceFirst("=.*", "");
      if (!pair.isEmpty()) {
        checkParameter(operation.get(), name, pair.replaceFirst("^[^=]*=?", ""), what);
      }
    }
    JsonNode asked = operation.get().path("requestBody");
    JsonNode schema = asked.at("/content/application~1json/schema");
    if (body == null || body.isEmpty()) {
      assertThat(asked.path("required").asBoolean(false)).as(what).isFalse();
    } else if (!schema.isMissingNode()) {
      Schema compiledSchema = compiled.computeIfAbsent(schema, this::compile);
      assertThat(compiledSchema.validate(body, InputFormat.JSON)).as(what).isEmpty();
    }
  }

  private void checkParameter(JsonNode operation, String name, String raw, String what) {
    Optional<JsonNode> schema =
        operation.path("parameters").values().stream()
            .map(this::resolve)
            .filter(parameter -> parameter.get("in").asString().equals("query"))
            .filter(parameter -> parameter.get("name").asString().equals(name))
            .map(parameter -> parameter.get("schema"))
            .findFirst();
    assertThat(schema).as("no parameter %s, %s", name, what).isPresent();
    String value = URLDecoder.decode(raw, UTF_8);
    String type = schema.get().path("type").asString("");
    boolean isNumber = type.equals("integer") && value.matches("-?\\d{1,18}");
    String one = isNumber ? String.valueOf(Long.parseLong(value)) : Json.write(value);
    String json = type.equals("array") ? "[" + one + "]" : one;
    Schema compiledSchema = compiled.computeIfAbsent(schema.get(), this::compile);
    assertThat(compiledSchema.validate(json, InputFormat.JSON)).as(what).isEmpty();
  }

  /** Compiles a schema, including its references within the document. */
  private Schema compile(JsonNode node) {
    ObjectNode whole = JsonNodeFactory.instance.objectNode();
    whole.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    whole.set("components", document.get("components"));
    whole.set("allOf", JsonNodeFactory.instance.arrayNode().add(node));
    return SCHEMAS.getSchema(whole.toString(), InputFormat.JSON);
  }

  /** Finds an operation; literal segments take precedence over variables. */
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
