package dev.holdfast.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parts of documents that are generated from the code. */
final class Generated {
  private static final String HOW =
      "%s differs from the code; to rewrite it: mvn test -pl cli -am"
          + " -Dtest='dev.holdfast.architecture.*Test' -Dsurefire.failIfNoSpecifiedTests=false"
          + " -Dtidy.write=true";

  private Generated() {}

  /**
   * Compares the part of a document between {@code <!-- generated: name -->} and {@code <!-- end
   * -->} with the expected text.
   */
  static void comparePart(String path, String name, String expected) {
    Path document = Repository.file(path);
    String text = Repository.read(document);
    Matcher part =
        Pattern.compile("(<!-- generated: " + name + " -->\n).*?(<!-- end -->)", Pattern.DOTALL)
            .matcher(text);
    assertThat(part.find()).as("%s has a part for %s", path, name).isTrue();
    compare(document, text, part.replaceFirst("$1" + Matcher.quoteReplacement(expected) + "$2"));
  }

  /** Compares a document with the expected text, or rewrites it if requested. */
  static void compare(Path document, String text, String expected) {
    if (Boolean.getBoolean("tidy.write") && !text.equals(expected)) {
      Repository.write(document, expected);
      return;
    }
    assertThat(text).as(HOW, Repository.name(document)).isEqualTo(expected);
  }
}
