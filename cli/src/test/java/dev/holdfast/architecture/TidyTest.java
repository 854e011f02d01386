package dev.holdfast.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * Checks the tidiness of the repository: no broken links, no gaps in numbers, no leftover notes.
 */
class TidyTest {
  private static final Pattern FENCED =
      Pattern.compile("^```.*?^```", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Pattern NUMBERED = Pattern.compile("(\\d{4})-[a-z0-9-]+\\.[a-z]+");

  private static List<Path> documents() {
    return Repository.files("", ".md");
  }

  @Nested
  class Links {
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("^#+ +(.*?) *$", Pattern.MULTILINE);

    private static List<String> linksOf(Path document) {
      String text = FENCED.matcher(Repository.read(document)).replaceAll("");
      return LINK.matcher(text.replaceAll("`[^`\n]*`", ""))
          .results()
          .map(link -> link.group(1))
          .filter(link -> !link.matches("[a-z]+:.*"))
          .toList();
    }

    private static Path target(Path document, String link) {
      String path = link.replaceFirst("#.*", "");
      return path.isEmpty() ? document : document.resolveSibling(path).normalize();
    }

    @Test
    void in_documents_lead_to_files() {
      List<String> broken = new ArrayList<>();
      for (Path document : documents()) {
        for (String link : linksOf(document)) {
          if (Files.notExists(target(document, link))) {
            broken.add(Repository.name(document) + " links to " + link);
          }
        }
      }
      assertThat(broken).isEmpty();
    }

    @Test
    void in_documents_lead_to_headings() {
      List<String> broken = new ArrayList<>();
      for (Path document : documents()) {
        for (String link : linksOf(document)) {
          Path target = target(document, link);
          int mark = link.indexOf('#');
          if (mark >= 0 && Files.isRegularFile(target) && isDocument(target)) {
            if (!anchors(target).contains(link.substring(mark + 1))) {
              broken.add(Repository.name(document) + " links to " + link);
            }
          }
        }
      }
      assertThat(broken).isEmpty();
    }

    /**
     * Returns the anchors as GitHub generates them: lower case, hyphens for spaces, no punctuation.
     */
    private static Set<String> anchors(Path document) {
      Set<String> anchors = new HashSet<>();
      String text = FENCED.matcher(Repository.read(document)).replaceAll("");
      Matcher heading = HEADING.matcher(text);
      while (heading.find()) {
        anchors.add(
            heading
                .group(1)
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-'));
      }
      return anchors;
    }

    private static boolean isDocument(Path file) {
      return file.toString().endsWith(".md");
    }

    @Test
    void lead_to_every_document() {
      Set<Path> reachable = new HashSet<>();
      List<Path> next = new ArrayList<>(List.of(Repository.file("README.md")));
      while (!next.isEmpty()) {
        Path document = next.remove(0);
        if (reachable.add(document)) {
          linksOf(document).stream()
              .map(link -> target(document, link))
              .filter(target -> isDocument(target) && Files.exists(target))
              .forEach(next::add);
        }
      }

      assertThat(Repository.files("docs", ".md")).isNotEmpty().allMatch(reachable::contains);
    }
  }

  @Nested
  class Numbers {
    private static void checkGapless(List<Path> files) {
      List<String> numbers = new ArrayList<>();
      for (Path file : files) {
        Matcher name = NUMBERED.matcher(file.getFileName().toString());
        assertThat(name.matches()).as(file.getFileName() + " is named NNNN-title").isTrue();
        numbers.add(name.group(1));
      }
      List<String> expected =
          Stream.iterate(1, number -> number + 1)
              .limit(files.size())
              .map("%04d"::formatted)
              .toList();
      assertThat(numbers).isNotEmpty().isEqualTo(expected);
    }

    @Test
    void of_decisions_have_no_gaps() {
      checkGapless(Repository.files("docs/adr", ".md"));
    }

    @Test
    void of_decisions_stand_in_their_headings() {
      for (Path decision : Repository.files("docs/adr", ".md")) {
        String number = decision.getFileName().toString().substring(0, 4);
        assertThat(Repository.read(decision))
            .as(Repository.name(decision))
            .startsWith("# " + number + " – ")
            .contains("## Context", "## Decision", "## Consequences")
            .contains("## What would make us change it");
      }
    }

    @Test
    void of_migrations_have_no_gaps_and_mean_the_same_on_each_database() {
      Map<String, List<String>> migrations = new TreeMap<>();
      for (String dialect : List.of("sqlite", "postgres")) {
        List<Path> files =
            Repository.files(
                dialect + "/src/main/resources/dev/holdfast/" + dialect + "/migrations", ".sql");
        if (!files.isEmpty()) {
          checkGapless(files);
          migrations.put(
              dialect, files.stream().map(file -> file.getFileName().toString()).toList());
        }
      }
      assertThat(migrations).containsKey("sqlite");
      assertThat(new HashSet<>(migrations.values())).hasSize(1);
    }

    @Test
    void of_migrations_are_known_to_the_schema() {
      String schema =
          Repository.read(Repository.file("sqlite/src/main/java/dev/holdfast/sqlite/Schema.java"));
      for (Path migration : Repository.files("sqlite/src/main/resources", ".sql")) {
        assertThat(schema)
            .contains('"' + migration.getFileName().toString().replace(".sql", "") + '"');
      }
    }
  }

  /** Uses a pattern that does not match itself. */
  @Test
  void no_note_was_left_behind() {
    Pattern note = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X|HA" + "CK)\\b|@[A-Z_]{3,}@");
    List<Path> texts = new ArrayList<>(documents());
    for (String ending : List.of(".java", ".sql", ".xml", "holdfast", ".ci/run")) {
      texts.addAll(Repository.files("", ending));
    }
    List<String> found = new ArrayList<>();
    for (Path text : texts) {
      note.matcher(Repository.read(text))
          .results()
          .forEach(match -> found.add(Repository.name(text) + ": " + match.group()));
    }
    assertThat(found).isEmpty();
  }

  @Test
  void the_change_log_has_a_section_for_what_is_not_released() {
    assertThat(Repository.read(Repository.file("CHANGELOG.md"))).contains("\n## [Unreleased]\n");
  }

  @Test
  void the_promise_is_made_in_the_same_words_everywhere() {
    String promise =
        "An acknowledged job is never lost. It is runnable, waiting for something or someone that"
            + " can be named, held under a live lease, or finished – so it is never stuck. After a"
            + " fault it may start again; every start is recorded with its cause and carries a"
            + " fencing token, and at most one attempt's result is ever accepted. Effects written"
            + " in the same database transaction happen exactly once.";

    String readme = Repository.read(Repository.file("README.md")).replaceAll("\\s*\n> ?", " ");

    assertThat(readme).contains(promise);
  }
}
