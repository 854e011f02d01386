package dev.holdfast.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Checks that Java and Kotlin in the documentation is taken from the examples, which are compiled
 * and run. In a document, the line {@code <!-- snippet: File.java name -->} precedes the fence; in
 * the source, the lines {@code // snippet: name} and {@code // end} enclose the text.
 */
class SnippetsTest {
  private static final Pattern FENCE =
      Pattern.compile(
          "(?:<!-- snippet: (\\S+) (\\S+) -->\n)?```(java|kotlin)\n(.*?)```", Pattern.DOTALL);

  @Test
  void in_documents_equal_the_examples() {
    for (Path document : documents()) {
      String text = Repository.read(document);
      String fresh =
          FENCE
              .matcher(text)
              .replaceAll(
                  fence ->
                      Matcher.quoteReplacement(
                          fence.group(1) == null ? fence.group() : cut(fence)));
      Generated.compare(document, text, fresh);
    }
  }

  @Test
  void in_documents_all_name_their_example() {
    List<String> loose = new ArrayList<>();
    for (Path document : documents()) {
      FENCE
          .matcher(Repository.read(document))
          .results()
          .filter(fence -> fence.group(1) == null)
          .forEach(fence -> loose.add(Repository.name(document) + ":\n" + fence.group(4)));
    }
    assertThat(loose).isEmpty();
  }

  private static List<Path> documents() {
    List<Path> documents = new ArrayList<>(Repository.files("docs/guide", ".md"));
    documents.add(Repository.file("README.md"));
    return documents;
  }

  private static String cut(MatchResult fence) {
    String file = fence.group(1);
    String name = fence.group(2);
    Path source =
        Stream.of(
                "examples/src/main/java",
                "examples/src/test/java",
                "examples/kotlin/src/main/kotlin",
                "examples-spring/src/main/java")
            .flatMap(folder -> Repository.files(folder, file).stream())
            .filter(found -> found.getFileName().toString().equals(file))
            .findFirst()
            .orElseThrow(() -> new AssertionError("there is no example " + file));
    Matcher snippet =
        Pattern.compile(
                "^ *// snippet: " + Pattern.quote(name) + "\n(.*?)^ *// end\n",
                Pattern.MULTILINE | Pattern.DOTALL)
            .matcher(Repository.read(source));
    assertThat(snippet.find()).as("snippet %s of %s", name, file).isTrue();
    return "<!-- snippet: %s %s -->\n```%s\n%s```"
        .formatted(
            file,
            name,
            fence.group(3),
            snippet.group(1).stripTrailing().concat("\n").stripIndent());
  }
}
