package dev.holdfast.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Checks that the YAML of the guide, for Prometheus and Kubernetes, can be used as it stands. */
class YamlInGuideTest {
  private static final Pattern FENCE =
      Pattern.compile("^```yaml\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL);
  private static final YAMLMapper YAML =
      YAMLMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /** Returns the texts of each page. */
  private static Map<String, List<String>> texts() {
    Map<String, List<String>> texts = new LinkedHashMap<>();
    for (Path page : Repository.files("docs/guide", ".md")) {
      Matcher fence = FENCE.matcher(Repository.read(page));
      List<String> found = fence.results().map(text -> text.group(1)).toList();
      if (!found.isEmpty()) {
        texts.put(Repository.name(page), found);
      }
    }
    return texts;
  }

  private static List<JsonNode> documents(String text) {
    List<JsonNode> documents = new ArrayList<>();
    YAML.readerFor(JsonNode.class).<JsonNode>readValues(text).forEachRemaining(documents::add);
    return documents;
  }

  @Test
  void is_well_formed() {
    assertThat(texts()).containsKeys("docs/guide/21-monitoring.md", "docs/guide/22-deployment.md");
    texts()
        .forEach(
            (page, texts) ->
                assertThat(texts)
                    .as(page)
                    .allSatisfy(
                        text ->
                            assertThatCode(() -> assertThat(documents(text)).isNotEmpty())
                                .doesNotThrowAnyException()));
  }

  @Test
  void gives_containers_more_time_to_stop_than_an_orderly_stop_takes() {
    List<JsonNode> pods =
        texts().getOrDefault("docs/guide/22-deployment.md", List.of()).stream()
            .flatMap(text -> documents(text).stream())
            .map(document -> document.at("/spec/template/spec"))
            .filter(JsonNode::isObject)
            .toList();

    assertThat(pods).hasSize(2);
    for (JsonNode pod : pods) {
      JsonNode container = pod.at("/containers/0");
      String grace = container.at("/args/2").asString();
      assertThat(container.at("/args/1").asString()).isEqualTo("--grace");
      assertThat(pod.get("terminationGracePeriodSeconds").longValue())
          .isGreaterThan(
              Long.parseLong(grace.replace("s", "")) + PackagingTest.AFTER_GRACE.toSeconds());
    }
  }
}
