package dev.holdfast.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Failure;
import dev.holdfast.HandlerPolicy;
import dev.holdfast.JobState;
import dev.holdfast.NodeConfig;
import dev.holdfast.check.Limits;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.config.Key;
import dev.holdfast.config.Keys;
import dev.holdfast.error.HoldfastException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The reference describes everything in the code, and nothing else. */
class ReferenceTest {
  private static final String CORE = "core/src/main/java/dev/holdfast/";

  private static String reference(String name) {
    return Repository.read(Repository.file("docs/reference/" + name));
  }

  @Nested
  class The_states {
    @Test
    void are_drawn_from_the_one_table_of_changes() {
      StringBuilder text = new StringBuilder("```mermaid\nstateDiagram-v2\n");
      for (JobState from : JobState.values()) {
        for (JobState to : from.successors()) {
          text.append("  ").append(from).append(" --> ").append(to).append('\n');
        }
      }
      text.append("```\n\n| state | meaning | finished | may become |\n|---|---|---|---|\n");
      for (JobState state : JobState.values()) {
        String next =
            state.successors().stream()
                .map(successor -> "`" + successor + "`")
                .collect(Collectors.joining(", "));
        text.append(
            "| `%s` | %s | %s | %s |%n"
                .formatted(
                    state,
                    comment("JobState", state + "[,;]"),
                    state.isFinished() ? "yes" : "no",
                    next.isEmpty() ? "nothing" : next));
      }
      Generated.comparePart("docs/reference/states.md", "states", text.toString());
    }
  }

  @Nested
  class The_limits {
    @Test
    void stand_there_with_their_values() throws IllegalAccessException {
      StringBuilder text = new StringBuilder("| `Limits.` | value | of what |\n|---|---:|---|\n");
      for (Field limit : Limits.class.getFields()) {
        text.append(
            "| `%s` | %s | %s |%n"
                .formatted(
                    limit.getName(),
                    String.format(Locale.ROOT, "%,d", limit.getInt(null)),
                    comment("check/Limits", "public static final int " + limit.getName() + " =")));
      }
      Generated.comparePart("docs/reference/limits.md", "limits", text.toString());
    }
  }

  /** Returns the comment above a member, as one line. */
  private static String comment(String type, String memberPattern) {
    Matcher comment =
        Pattern.compile("/\\*\\*((?:(?!\\*/).)*)\\*/\\s*" + memberPattern, Pattern.DOTALL)
            .matcher(Repository.read(Repository.file(CORE + type + ".java")));
    assertThat(comment.find()).as("a comment on " + memberPattern).isTrue();
    return comment
        .group(1)
        .replaceAll("\\s*\n\\s*\\*\\s*", " ")
        .replaceAll("\\{@(?:link|code) #?([^}]*)}", "`$1`")
        .strip();
  }

  @Nested
  class The_schema {
    private static final Pattern TABLE =
        Pattern.compile(
            "create table (?:if not exists )?(\\w+) \\((.*?)^ *\\) strict",
            Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern COLUMN =
        Pattern.compile("^ +(\\w+) +(?:blob|text|integer)\\b", Pattern.MULTILINE);
    private static final Pattern ADDED =
        Pattern.compile("alter table (\\w+) add (?:column )?(\\w+)");
    private static final Pattern SECTION =
        Pattern.compile("^## `(\\w+)`$(.*?)(?=^## |\\z)", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern DESCRIBED =
        Pattern.compile("^\\| `(\\w+)` \\|", Pattern.MULTILINE);

    @Test
    void explains_each_column_of_each_table() {
      assertThat(described()).isEqualTo(created());
    }

    private static Map<String, Set<String>> created() {
      Map<String, Set<String>> tables = new TreeMap<>();
      List<Path> sources = new ArrayList<>(Repository.files("sqlite/src/main/resources", ".sql"));
      sources.addAll(Repository.files("sqlite/src/main/java", "Schema.java"));
      for (Path source : sources) {
        String text = Repository.read(source);
        TABLE
            .matcher(text)
            .results()
            .forEach(table -> tables.put(table.group(1), names(COLUMN, table.group(2))));
        ADDED
            .matcher(text)
            .results()
            .forEach(
                added ->
                    tables
                        .computeIfAbsent(added.group(1), none -> new TreeSet<>())
                        .add(added.group(2)));
      }
      assertThat(tables).containsKeys("jobs", "nodes", "schema_history");
      return tables;
    }

    private static Map<String, Set<String>> described() {
      Map<String, Set<String>> tables = new TreeMap<>();
      SECTION
          .matcher(reference("schema.md"))
          .results()
          .forEach(section -> tables.put(section.group(1), names(DESCRIBED, section.group(2))));
      return tables;
    }

    private static Set<String> names(Pattern pattern, String text) {
      return pattern
          .matcher(text)
          .results()
          .map(name -> name.group(1))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  @Nested
  class The_configuration {
    @Test
    void names_every_setting_of_nodes_and_handlers() {
      String reference = reference("config.md");
      for (Class<?> settings : List.of(NodeConfig.class, HandlerPolicy.class)) {
        assertThat(settingsOf(settings))
            .isNotEmpty()
            .allSatisfy(name -> assertThat(reference).contains("| `" + name + "` |"));
      }
    }

    private static Set<String> settingsOf(Class<?> values) {
      return Stream.of(values.getDeclaredMethods())
          .filter(method -> Modifier.isPublic(method.getModifiers()))
          .filter(method -> !Modifier.isStatic(method.getModifiers()))
          .filter(method -> method.getParameterCount() == 0 && method.getReturnType() != values)
          .map(Method::getName)
          .filter(name -> !Set.of("hashCode", "toString").contains(name))
          .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void describes_every_key_as_the_loader_does() {
      StringBuilder text = new StringBuilder();
      text.append("| key | default | allowed | variable | means |\n|---|---|---|---|---|\n");
      for (Key<?> key : Keys.all()) {
        text.append(
            "| `%s` | %s | %s | %s | %s |%n"
                .formatted(
                    key.name(),
                    defaultOf(key),
                    key.allowed(),
                    key.variables().stream()
                        .map(The_configuration::variable)
                        .collect(Collectors.joining(", else ")),
                    key.description()));
      }
      Generated.comparePart("docs/reference/config.md", "keys", text.toString());
    }

    private static String defaultOf(Key<?> key) {
      return key.generalName()
          .map(general -> "as `" + general + "`")
          .or(() -> key.defaultText().map(text -> "`" + text + "`"))
          .orElse("none");
    }

    private static final Map<String, String> UNITS = Map.of("s", "seconds", "m", "minutes");

    private static String variable(Key.Variable variable) {
      return "`%s`%s"
          .formatted(
              variable.name(),
              variable
                  .unit()
                  .map(unit -> " (a plain number counts %s)".formatted(UNITS.get(unit)))
                  .orElse(""));
    }

    @Test
    void names_every_environment_variable() {
      Pattern variable =
          Pattern.compile("\\b(HOLDFAST_[A-Z_]*[A-Z]|XDG_[A-Z]+_HOME|LOG_LEVEL|JAVA_HOME)\\b");
      List<Path> sources = new ArrayList<>();
      for (String module : List.of("core", "jdbc", "sqlite", "postgres", "config", "cli")) {
        sources.addAll(Repository.files(module + "/src/main", ".java"));
      }
      sources.add(Repository.file("holdfast"));
      Set<String> used = new TreeSet<>();
      for (Path source : sources) {
        variable.matcher(Repository.read(source)).results().forEach(name -> used.add(name.group()));
      }

      String reference = reference("config.md");

      assertThat(used)
          .contains("HOLDFAST_DB")
          .allSatisfy(name -> assertThat(reference).contains("`" + name + "`"));
    }
  }

  @Nested
  class The_errors {
    @Test
    void name_every_code() {
      String reference = reference("errors.md");
      assertThat(HoldfastException.Code.values())
          .allSatisfy(code -> assertThat(reference).contains("| `" + code + "` |"));
    }

    @Test
    void name_every_kind_of_failure() {
      String reference = reference("errors.md");
      assertThat(Failure.Kind.values())
          .allSatisfy(kind -> assertThat(reference).contains("| `" + kind + "` |"));
    }

    @Test
    void name_every_exit_code() {
      String reference = reference("errors.md");
      List<Field> codes =
          Stream.of(ExitCodes.class.getFields())
              .filter(field -> Modifier.isStatic(field.getModifiers()))
              .toList();
      assertThat(codes)
          .isNotEmpty()
          .allSatisfy(code -> assertThat(reference).contains("| " + code.getInt(null) + " |"));
    }
  }
}
