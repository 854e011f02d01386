package dev.holdfast.cli.each;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TemplateTest {
  private static List<String> argv(String line, String... command) {
    return new Template(List.of(command)).argv(line, 7);
  }

  @Test
  void without_a_placeholder_the_line_is_the_last_argument() {
    assertThat(argv("a b", "gzip", "-9")).containsExactly("gzip", "-9", "a b");
  }

  @Test
  void placeholders_can_be_anywhere_and_repeated() {
    assertThat(argv("x", "{}", "a{}b{}", "{}")).containsExactly("x", "axbx", "x");
  }

  @Test
  void slash_is_the_base_name() {
    assertThat(argv("/a/b.c", "{/}")).containsExactly("b.c");
    assertThat(argv("b.c", "{/}")).containsExactly("b.c");
    assertThat(argv("/a/b//", "{/}")).containsExactly("b");
    assertThat(argv("/", "{/}")).containsExactly("/");
    assertThat(argv("", "{/}")).containsExactly("");
  }

  @Test
  void dot_is_the_line_without_its_extension() {
    assertThat(argv("/a.d/b.tar.gz", "{.}.xz")).containsExactly("/a.d/b.tar.xz");
    assertThat(argv("/a.d/b", "{.}")).containsExactly("/a.d/b");
    assertThat(argv("/a/.profile", "{.}")).containsExactly("/a/.profile");
  }

  @Test
  void hash_is_the_number_of_the_line() {
    assertThat(argv("x", "{#}-{}")).containsExactly("7-x");
  }

  @Test
  void inserted_text_is_not_scanned_again() {
    assertThat(argv("{#}$1\\", "{}{/}")).containsExactly("{#}$1\\{#}$1\\");
  }

  @Test
  void other_braces_stay() {
    assertThat(argv("x", "{a}", "{ }", "{}")).containsExactly("{a}", "{ }", "x");
  }
}
