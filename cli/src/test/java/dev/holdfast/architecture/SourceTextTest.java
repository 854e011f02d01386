package dev.holdfast.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.JobState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Rules on the text of the sources, for what compiled classes do not show. */
class SourceTextTest {

  private static List<Path> sources(String... modules) {
    return Stream.of(modules)
        .flatMap(module -> Repository.files(module + "/src/main/java", ".java").stream())
        .toList();
  }

  private static List<String> filesWith(Pattern pattern, List<Path> sources) {
    return sources.stream()
        .filter(source -> pattern.matcher(Repository.read(source)).find())
        .map(source -> source.getFileName().toString())
        .toList();
  }

  /** Elsewhere an error of the JVM would be mistaken for one of a handler. */
  @Test
  void everything_is_caught_in_one_place() {
    Pattern catchAll = Pattern.compile("catch \\((final )?Throwable\\b|\\| Throwable\\b");

    List<String> places =
        filesWith(
            catchAll,
            sources(
                "core",
                "jdbc",
                "sqlite",
                "postgres",
                "config",
                "handlers",
                "otel",
                "micrometer",
                "spring",
                "spring-boot",
                "cli",
                "test",
                "testkit"));

    assertThat(places).containsExactly("HandlerCall.java");
  }

  /** Monitors held while blocking pin a virtual thread to its carrier. */
  @Test
  void the_engine_and_its_stores_take_locks_and_no_monitors() {
    Pattern monitor = Pattern.compile("^[^*\"]*\\bsynchronized\\b", Pattern.MULTILINE);

    assertThat(filesWith(monitor, sources("core", "jdbc", "sqlite", "postgres", "handlers")))
        .isEmpty();
  }

  /**
   * Statements that set a state, each in the class for its kind of change; the model has the table
   * of changes.
   */
  @Nested
  class Statements_that_set_a_state {
    private static final Pattern STATEMENT =
        Pattern.compile("update jobs\\b.*?(?=\"\"\"|\")", Pattern.DOTALL);
    private static final Pattern TARGET = Pattern.compile("\\bset state = '([A-Z]+)'");
    private static final Pattern FROM =
        Pattern.compile("\\bstate (?:\\|\\| '' )?(?:= '([A-Z]+)'|in \\(([^)]*)\\))");
    private static final Set<String> CLAIMS = Set.of("SqliteClaims RUNNING");

    /**
     * A statement that sets a state.
     *
     * @param source the class that contains it
     * @param target the state that it sets
     * @param text the whole of it
     */
    private record Change(String source, JobState target, String text) {
      String name() {
        return source + " " + target;
      }

      /** Returns the states from which it may change a job. */
      Set<JobState> from() {
        Set<JobState> states = EnumSet.noneOf(JobState.class);
        Matcher from = FROM.matcher(text.substring(text.indexOf("where")));
        while (from.find()) {
          String names = from.group(1) == null ? from.group(2) : from.group(1);
          for (String name : names.split(",", -1)) {
            states.add(JobState.valueOf(name.replace("'", "").strip()));
          }
        }
        return states;
      }
    }

    private List<Change> changes() {
      List<Change> changes = new ArrayList<>();
      for (Path path : sources("jdbc", "sqlite", "postgres")) {
        String className = path.getFileName().toString().replace(".java", "");
        Matcher statement = STATEMENT.matcher(Repository.read(path));
        while (statement.find()) {
          String text = statement.group().replaceAll("\\s+", " ");
          Matcher target = TARGET.matcher(text);
          if (target.find()) {
            changes.add(new Change(className, JobState.valueOf(target.group(1)), text));
          }
        }
      }
      return changes;
    }

    @Test
    void are_in_one_class_for_each_kind_of_change() {
      Map<String, Set<JobState>> targets = new TreeMap<>();
      for (Change change : changes()) {
        targets.computeIfAbsent(change.source(), first -> new TreeSet<>()).add(change.target());
      }

      assertThat(targets)
          .containsOnly(
              Map.entry(
                  "Endings",
                  Set.of(
                      JobState.SCHEDULED,
                      JobState.BLOCKED,
                      JobState.PENDING,
                      JobState.FAILED,
                      JobState.INTERRUPTED)),
              Map.entry("JobUpdates", Set.of(JobState.PENDING, JobState.SCHEDULED)),
              Map.entry("Completions", Set.of(JobState.COMPLETED)),
              Map.entry("Reviews", Set.of(JobState.COMPLETED)),
              Map.entry(
                  "Dependents", Set.of(JobState.PENDING, JobState.SCHEDULED, JobState.CANCELLED)),
              Map.entry("JobSignals", Set.of(JobState.FAILED)),
              Map.entry("OperatorActions", Set.of(JobState.CANCELLED, JobState.PENDING)),
              Map.entry("PostgresClaims", Set.of(JobState.RUNNING)),
              Map.entry("PostgresDialect", Set.of(JobState.PENDING, JobState.COMPLETED)),
              Map.entry("SqliteClaims", Set.of(JobState.RUNNING)),
              Map.entry("SqliteDialect", Set.of(JobState.PENDING, JobState.COMPLETED)));
    }

    /** A claim's rows were selected as PENDING under the same write lock. */
    @Test
    void make_only_changes_that_the_model_allows() {
      for (Change change : changes()) {
        Set<JobState> from = change.from();
        if (!CLAIMS.contains(change.name())) {
          assertThat(from).as("states that are named by: " + change.text()).isNotEmpty();
        }
        assertThat(from)
            .as("states that may become %s in: %s", change.target(), change.text())
            .allMatch(state -> state.mayBecome(change.target()));
      }
    }

    @Test
    void end_an_attempt_under_its_token_only() {
      List<Change> ends =
          changes().stream()
              .filter(change -> change.from().equals(EnumSet.of(JobState.RUNNING)))
              .toList();

      assertThat(ends).hasSizeGreaterThan(5);
      assertThat(ends).allMatch(end -> end.text().contains("token = :token") || joinsToken(end));
    }

    private static boolean joinsToken(Change end) {
      return end.text().contains("jobs.token = ended.");
    }
  }
}
