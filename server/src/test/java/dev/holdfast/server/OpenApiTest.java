package dev.holdfast.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.server.ServedQueue.Reply;
import dev.holdfast.server.route.Route;
import dev.holdfast.spi.server.Role;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@Tag("R-44")
class OpenApiTest {
  @TempDir Path folder;

  @Test
  void describes_exactly_the_routes_that_there_are() {
    ApiDescription description = new ApiDescription();
    JsonNode document = description.document();
    Map<String, String> described = new TreeMap<>();
    for (Map.Entry<String, JsonNode> path : document.get("paths").properties()) {
      for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
        described.put(
            method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(),
            facts(description, method.getValue()));
      }
    }

    Map<String, String> there = new TreeMap<>();
    try (ServedQueue served = new ServedQueue(folder)) {
      for (Route route : served.server.routes()) {
        there.put(
            route.name(),
            "%s, query %s, body %s"
                .formatted(
                    route.permission().orElseThrow().name().toLowerCase(Locale.ROOT),
                    new TreeSet<>(route.query()),
                    route.body().isTaken() ? route.body().isRequired() : "none"));
      }
    }

    assertThat(described).isEqualTo(there);
  }

  /** Returns permission, query parameters and body of an operation as text. */
  private static String facts(ApiDescription description, JsonNode operation) {
    Set<String> query = new TreeSet<>();
    for (JsonNode given : operation.path("parameters").values()) {
      JsonNode parameter = description.resolve(given);
      if (parameter.get("in").asString().equals("query")) {
        query.add(parameter.get("name").asString());
      }
    }
    return "%s, query %s, body %s"
        .formatted(
            operation.get("x-permission").asString(),
            query,
            Optional.ofNullable(operation.get("requestBody"))
                .map(body -> String.valueOf(body.path("required").booleanValue()))
                .orElse("none"));
  }

  @Test
  void gives_examples_that_are_accepted() {
    try (ServedQueue served = new ServedQueue(folder)) {
      String job = served.enqueue("{\"type\": \"mail\"}");
      String webhook =
          served
              .post(
                  "/api/v1/webhooks",
                  "{\"url\": \"https://hooks.example.com/a\", \"events\": [\"job.failed\"]}")
              .is(201)
              .text("id");
      // one of the examples creates a token, from which on each request needs one
      String[] admin = {"Authorization", "Bearer " + served.token("admin", Role.ADMIN)};
      int examples = 0;
      JsonNode document = new ApiDescription().document();
      for (Map.Entry<String, JsonNode> path : document.get("paths").properties()) {
        String place =
            path.getKey()
                .replace("{id}", path.getKey().contains("webhooks") ? webhook : job)
                .replaceAll("\\{\\w+}", "a");
        for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
          JsonNode example = method.getValue().at("/requestBody/content/application~1json/example");
          if (!example.isMissingNode()) {
            String verb = method.getKey().toUpperCase(Locale.ROOT);
            Reply reply = served.call(verb, place, example.toString(), admin);
            assertThat(reply.status())
                .as("%s %s: %s", verb, place, reply.body())
                .isBetween(200, 299);
            examples++;
          }
        }
      }
      assertThat(examples).isGreaterThan(12);
    }
  }

  @Test
  void is_served() {
    try (ServedQueue served = new ServedQueue(folder)) {
      assertThat(served.get("/openapi.json").is(200).text("openapi")).startsWith("3.1");
    }
  }
}
