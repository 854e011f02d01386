package dev.holdfast.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The language of the sources and the documentation: plain English, the terms of {@code
 * docs/glossary.md}, and Javadocs that begin with a verb or a noun phrase.
 */
class WordsTest {
  /** Words that a reader has to read twice; the plain ones are shorter. */
  private static final Pattern ODD_WORD =
      Pattern.compile(
          "\\b(whoever|reckon\\w*|anew|for ever|leave (away|off)|graver|foremost|bury|buried|deeds?|at hand|its like"
              + "|rooms? of (its|their) own|steer(s|ed|ing)?|shall)\\b",
          Pattern.CASE_INSENSITIVE);

  /** A first sentence that is a clause instead of a statement. */
  private static final Pattern CLAUSE =
      Pattern.compile(
          "/\\*\\*\\s*(?:\\*\\s*)?((?:What|Which|How|Who|Whoever|Whatever|Whether|Where|Whose|When|That)\\b[^\\n]*)");

  private static Stream<Path> texts() {
    return Stream.of(".java", ".md", ".yaml", ".js")
        .flatMap(ending -> Repository.files(".", ending).stream())
        .filter(file -> !file.getFileName().toString().equals("WordsTest.java"))
        .filter(
            file -> !file.toString().contains("/target/") && !file.toString().contains("/vendor/"));
  }

  private static List<String> places(Pattern pattern, Stream<Path> files) {
    return files.flatMap(file -> places(pattern, file).stream()).toList();
  }

  private static List<String> places(Pattern pattern, Path file) {
    Matcher matcher = pattern.matcher(Repository.read(file));
    return matcher.results().map(found -> Repository.name(file) + ": " + found.group(1)).toList();
  }

  @Test
  void are_plain_English() {
    assertThat(places(ODD_WORD, texts())).isEmpty();
  }

  @Test
  void begin_Javadocs_with_a_verb_or_a_noun_phrase() {
    assertThat(places(CLAUSE, texts().filter(file -> file.toString().endsWith(".java")))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/** What it does. */",
        "/**\n * Which jobs it claims.\n */",
        "/** How it ends. */"
      })
  void find_clauses(String text) {
    assertThat(CLAUSE.matcher(text).find()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Whoever claims it", "ranks anew", "kept for ever", "a room of its own"})
  void find_odd_words(String text) {
    assertThat(ODD_WORD.matcher(text).find()).isTrue();
  }
}
