package dev.holdfast.handlers.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Outcome;
import dev.holdfast.handlers.Attempt;
import dev.holdfast.spi.SystemTime;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The header fields that a payload of type http may set. */
@Tag("R-24")
final class HeaderRulesTest {
  private static final List<Field> FIELDS = fields();

  /** A field of the list in the test resources, and what a payload may do with it. */
  private record Field(String name, String use) {
    private boolean maySet() {
      return use.equals("set");
    }
  }

  private static List<Field> fields() {
    try (InputStream in = HeaderRulesTest.class.getResourceAsStream("field-names.csv")) {
      return new String(requireNonNull(in).readAllBytes(), US_ASCII)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> List.of(line.split(",", 3)))
          .map(line -> new Field(line.get(0), line.get(2)))
          .toList();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  static List<String> refused() {
    return FIELDS.stream().filter(field -> !field.maySet()).map(Field::name).toList();
  }

  private static List<String> others() {
    return FIELDS.stream().filter(Field::maySet).map(Field::name).toList();
  }

  @Test
  void are_those_of_the_list_and_no_more() {
    assertThat(FIELDS).hasSizeGreaterThan(300);
    for (Field field : FIELDS) {
      for (String name : spellings(field.name())) {
        Optional<String> objection = HeaderRules.objection(name, "x");
        assertThat(objection.isEmpty()).as("%s: %s", name, objection).isEqualTo(field.maySet());
      }
      String expected = field.use().equals("routes") ? "redirect" : "connection";
      if (!field.maySet()) {
        assertThat(HeaderRules.objection(field.name(), "x").orElse("")).contains(expected);
      }
      for (String name : disguises(field.name())) {
        assertThat(HeaderRules.objection(name, "x").orElse(""))
            .as(name)
            .startsWith("its name is not a token");
      }
      assertThat(HeaderRules.objection(field.name(), "x\r\nHost: y")).isPresent();
    }
  }

  private static List<String> spellings(String name) {
    StringBuilder mixed = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      String letter = name.substring(i, i + 1);
      mixed.append(i % 2 == 0 ? letter.toLowerCase(Locale.ROOT) : letter.toUpperCase(Locale.ROOT));
    }
    return List.of(
        name,
        name.toLowerCase(Locale.ROOT),
        name.toUpperCase(Locale.ROOT),
        mixed.toString(),
        name.replace('-', '_'));
  }

  /** Names that some parser takes for the given one, or for the end of a line before it. */
  private static List<String> disguises(String name) {
    return List.of(
        " " + name,
        name + " ",
        "\t" + name,
        name + "\t",
        name + ":",
        name + "\r",
        name + "\n",
        "X\r\n" + name,
        name + "\r\nX",
        name + "\u0000",
        name + "\u00a0",
        name + "\u200b",
        "\ufeff" + name,
        name + "\u0130",
        name.substring(0, 1) + "\u0301" + name.substring(1),
        "\uff34" + name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "Transfer-Encoding ",
        " Transfer-Encoding",
        "Transfer-Encoding:",
        "A\r\nTransfer-Encoding",
        "A\u0000",
        "a b",
        ":authority",
        "größe",
        "x(y)",
        "\tx"
      })
  void refuse_a_name_that_is_no_token(String name) {
    assertThat(HeaderRules.objection(name, "x").orElse("")).startsWith("its name is not a token");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a\r\nX: y", "a\nb", "a\rb", "a\u0000b", "a\u007fb", "ä", "\u2028", "\u010a"})
  void refuse_a_value_that_could_end_the_line(String value) {
    assertThat(HeaderRules.objection("X-Mine", value).orElse("")).startsWith("its value holds");
  }

  /** Sends all in one request: a body that looks like a second request stays a body. */
  @Test
  void let_everything_else_through_and_it_frames_nothing() throws Exception {
    String smuggled = "0\r\n\r\nGET /admin HTTP/1.1\r\nHost: x\r\n\r\n";
    try (Site site = new Site()) {
      for (List<String> part : parts(others(), 60)) {
        Map<String, @Nullable String> headers = new HashMap<>();
        part.forEach(name -> headers.put(name, "chunked"));
        HttpPayload payload =
            new HttpPayload(site.url("/a"), "POST", headers, smuggled, null, null);

        Object end =
            new HttpHandler(AllowedUrls.all(), new SystemTime()).run(payload, Attempt.first());

        assertThat(end).isInstanceOf(HttpResult.class);
        Site.Received received = site.received();
        assertThat(received.path()).isEqualTo("/a");
        assertThat(received.body()).isEqualTo(smuggled);
        part.forEach(name -> assertThat(received.headers().get(name)).containsExactly("chunked"));
        assertThat(site.requests()).isZero();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("refused")
  void fail_the_job_before_anything_is_sent(String name) throws IOException, InterruptedException {
    try (Site site = new Site()) {
      HttpPayload payload =
          new HttpPayload(site.url("/"), "POST", Map.of(name, "chunked"), "0\r\n\r\n", null, null);

      Object end =
          new HttpHandler(AllowedUrls.all(), new SystemTime()).run(payload, Attempt.first());

      assertThat(end).isInstanceOf(Outcome.GaveUp.class);
      assertThat(site.requests()).isZero();
    }
  }

  private static List<List<String>> parts(List<String> all, int size) {
    List<List<String>> parts = new ArrayList<>();
    for (int start = 0; start < all.size(); start += size) {
      parts.add(all.subList(start, Math.min(start + size, all.size())));
    }
    return parts;
  }
}
