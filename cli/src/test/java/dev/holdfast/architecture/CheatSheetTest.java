package dev.holdfast.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.JobState;
import dev.holdfast.cli.Cli;
import dev.holdfast.cli.terminal.ExitCodes;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The cheat sheet has everything, and the commands of the pages for operators can be run. */
class CheatSheetTest {
  private static final String SHEET = "docs/cheat-sheet.md";
  private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");
  private static final Pattern COMMAND =
      Pattern.compile("(?:^ *|`|\\| )holdfast ([a-z][^`\n]*)", Pattern.MULTILINE);
  private static final String SOME_JOB = "01941f29-7c00-7a3c-8f5e-2f3d8c1b6a90";
  private static final Pattern WORD = Pattern.compile("'[^']*'|\\S+");

  @TempDir Path folder;

  private static String text(String file) {
    return Repository.read(Repository.file(file));
  }

  private static Stream<MatchResult> all(String pattern, String text) {
    return Pattern.compile(pattern, Pattern.MULTILINE).matcher(text).results();
  }

  @Test
  void names_every_command() {
    String sheet = text(SHEET);

    assertThat(
            all("^## (holdfast .*)$", text("docs/reference/cli.md")).map(found -> found.group(1)))
        .filteredOn(command -> !command.equals("holdfast demo worker")) // which the demo starts
        .hasSizeGreaterThan(60)
        .allMatch(command -> sheet.matches("(?s).*`[^`]*" + command + "\\b.*"));
  }

  @Test
  void draws_the_states_from_the_one_table_of_changes() {
    StringBuilder text = new StringBuilder("```mermaid\nstateDiagram-v2\n");
    for (JobState from : JobState.values()) {
      for (JobState to : from.successors()) {
        text.append("  ").append(from).append(" --> ").append(to).append('\n');
      }
    }
    Generated.comparePart(SHEET, "states", text.append("```\n").toString());
  }

  @Test
  void names_every_exit_code() throws IllegalAccessException {
    String sheet = text(SHEET);
    for (Field code : ExitCodes.class.getFields()) {
      assertThat(sheet)
          .as(code.getName())
          .containsPattern("\\| (\\d+, )*" + code.get(null) + "\\b");
    }
  }

  @Test
  void names_every_route() {
    Set<String> routes = new TreeSet<>();
    for (MatchResult row :
        all("^\\| (`/api[^`]*`|the root) \\| (`[A-Z]+.*) \\|$", text(SHEET)).toList()) {
      String below = row.group(1).equals("the root") ? "" : row.group(1).replace("`", "");
      all("`([A-Z]+) ?([^`]*)`", row.group(2))
          .forEach(route -> routes.add(route.group(1) + " " + below + route.group(2)));
    }

    assertThat(routes).isEqualTo(described());
  }

  /** Returns the routes of the description of the API. */
  private static Set<String> described() {
    Set<String> routes = new TreeSet<>();
    JsonNode paths =
        new YAMLMapper()
            .readTree(text("http/src/main/resources/dev/holdfast/http/openapi.yaml"))
            .get("paths");
    for (Map.Entry<String, JsonNode> path : paths.properties()) {
      path.getValue().propertyNames().stream()
          .filter(METHODS::contains)
          .forEach(method -> routes.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey()));
    }
    return routes;
  }

  /** Nothing is done by a command that is asked for its help; but its options must exist. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        SHEET,
        "docs/guide/21-monitoring.md",
        "docs/guide/22-deployment.md",
        "docs/guide/23-maintenance.md"
      })
  void has_only_commands_that_exist(String page) {
    Cli cli = new Cli(folder);
    List<String> refused = new ArrayList<>();
    Matcher command = COMMAND.matcher(text(page));
    int commands = 0;
    while (command.find()) {
      commands++;
      List<String> words = words(command.group(1));
      words.add(1, "--help");
      Cli.Result result = cli.run(words.toArray(String[]::new));
      if (result.code() != ExitCodes.OK) {
        refused.add(command.group() + ": " + result.err());
      }
    }

    assertThat(commands).isPositive();
    assertThat(refused).isEmpty();
  }

  private static List<String> words(String command) {
    return WORD.matcher(command.replaceAll(" (\\\\?\\||#|&&).*", ""))
        .results()
        .map(word -> word.group().replace("'", ""))
        .map(word -> word.equals("ID") ? SOME_JOB : word)
        .collect(Collectors.toCollection(ArrayList::new));
  }
}
