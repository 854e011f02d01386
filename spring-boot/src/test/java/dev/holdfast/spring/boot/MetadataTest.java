package dev.holdfast.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The metadata and the guide name the properties that the code reads. */
@Tag("R-62")
class MetadataTest {
  private static final Path METADATA =
      Path.of("src/main/resources/META-INF/spring-configuration-metadata.json");
  private static final Path GUIDE = Path.of("../docs/guide/16-spring-boot.md");

  private static JsonNode properties() throws IOException {
    return new JsonMapper().readTree(Files.readString(METADATA)).get("properties");
  }

  @Test
  void names_and_defaults_are_those_of_the_code() throws IOException {
    Map<String, String> told = new LinkedHashMap<>();
    for (JsonNode property : properties()) {
      JsonNode byDefault = property.get("defaultValue");
      told.put(property.get("name").asString(), byDefault == null ? "" : byDefault.asString());
    }

    Map<String, String> read =
        Arrays.stream(HoldfastProperty.values())
            .collect(Collectors.toMap(HoldfastProperty::property, HoldfastProperty::byDefault));
    assertThat(told).isEqualTo(read);
  }

  @Test
  void the_guide_has_the_same_table() throws IOException {
    StringBuilder table = new StringBuilder();
    for (JsonNode property : properties()) {
      JsonNode byDefault = property.get("defaultValue");
      table.append(
          "| `%s` | %s | %s |\n"
              .formatted(
                  property.get("name").asString(),
                  byDefault == null ? "" : byDefault.asString(),
                  property.get("description").asString()));
    }

    assertThat(Files.readString(GUIDE)).contains(table);
  }
}
