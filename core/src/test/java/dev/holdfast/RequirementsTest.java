package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.error.InvalidRequestException;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("R-14")
final class RequirementsTest {
  private static final Map<String, Object> WORKER =
      Map.of("gpu", true, "memory", 16, "region", "eu", "load", 0.5, "formats", List.of("pdf", 4));

  static Stream<Arguments> conditions() {
    return Stream.of(
        met("gpu", true),
        unmet("gpu", false),
        unmet("gpu", "true"),
        met("region", "eu"),
        unmet("region", "EU"),
        met("memory", 16),
        met("memory", 16L),
        met("memory", 16.0),
        met("memory", new BigDecimal("16.00")),
        unmet("memory", "16"),
        met("load", 0.5),
        met("memory", Map.of(">=", 16)),
        unmet("memory", Map.of(">=", 16.001)),
        met("memory", Map.of(">", 15.999)),
        unmet("memory", Map.of(">", 16)),
        met("memory", Map.of("<=", 16)),
        unmet("memory", Map.of("<=", 15)),
        met("memory", Map.of("<", 17)),
        unmet("memory", Map.of("<", 16)),
        met("memory", Map.of(">=", 8, "<", 32)),
        unmet("memory", Map.of(">=", 8, "<", 16)),
        unmet("region", Map.of(">=", 1)),
        met("region", Map.of("!=", "us")),
        unmet("region", Map.of("!=", "eu")),
        unmet("memory", Map.of("!=", 16.0)),
        met("region", Map.of("in", List.of("us", "eu"))),
        unmet("region", Map.of("in", List.of("us"))),
        met("memory", Map.of("in", List.of("eu", 16.0))),
        met("formats", Map.of("contains", "pdf")),
        met("formats", Map.of("contains", 4.0)),
        unmet("formats", Map.of("contains", "doc")),
        unmet("formats", "pdf"),
        unmet("region", Map.of("contains", "eu")),
        unmet("absent", true),
        unmet("absent", Map.of(">=", 0)),
        unmet("absent", Map.of("in", List.of(1))),
        unmet("absent", Map.of("contains", 1)),
        met("absent", Map.of("!=", 1)));
  }

  private static Arguments met(String capability, Object wanted) {
    return Arguments.of(capability, wanted, true);
  }

  private static Arguments unmet(String capability, Object wanted) {
    return Arguments.of(capability, wanted, false);
  }

  @ParameterizedTest
  @MethodSource("conditions")
  void a_condition_holds_or_not(String capability, Object wanted, boolean isMet) {
    Requirements asked = Requirements.of(Map.of(capability, wanted));

    assertThat(asked.areMetBy(WORKER)).isEqualTo(isMet);
  }

  @Test
  void all_conditions_must_hold_and_those_that_do_not_are_reported() {
    Requirements asked = Requirements.of(Map.of("gpu", true, "memory", Map.of(">=", 64), "x", 1));

    assertThat(asked.unmetBy(WORKER))
        .extracting(Requirements.Condition::toString)
        .containsExactly("memory >= 64", "x = 1");
  }

  @Test
  void none_are_met_by_everyone() {
    assertThat(Requirements.of(Map.of()).areMetBy(Map.of())).isTrue();
  }

  static Stream<Arguments> malformed() {
    Map<String, Object> nothing = new HashMap<>();
    nothing.put("gpu", null);
    return Stream.of(
        Arguments.of(nothing, "gpu"),
        Arguments.of(Map.of("memory", Map.of(">=", "16")), "memory"),
        Arguments.of(Map.of("memory", Map.of("=>", 16)), "memory"),
        Arguments.of(Map.of("memory", Map.of("=", 16)), "memory"),
        Arguments.of(Map.of("memory", Map.of()), "memory"),
        Arguments.of(Map.of("memory", List.of(16)), "memory"),
        Arguments.of(Map.of("region", Map.of("in", "eu")), "region"),
        Arguments.of(Map.of("region", Map.of("in", List.of())), "region"),
        Arguments.of(Map.of("region", Map.of("in", List.of(List.of(1)))), "region"),
        Arguments.of(Map.of("region", Map.of("contains", List.of(1))), "region"),
        Arguments.of(Map.of("region", Map.of("!=", Map.of("a", 1))), "region"),
        Arguments.of(Map.of("load", Double.NaN), "load"),
        Arguments.of(Map.of(" ", 1), " "));
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void a_malformed_one_is_refused_by_name_with_what_is_allowed(
      Map<String, Object> asked, String capability) {
    assertThatThrownBy(() -> NewJob.of("t", 1).requires(asked))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageStartingWith("the required capability '" + capability + "' was ")
        .hasMessageContaining("expected a text, a number, true or false");
  }

  @Test
  void a_stored_one_that_cannot_be_parsed_is_met_by_no_worker() {
    assertThat(Requirements.parse("[1]")).isEmpty();
    assertThat(Requirements.parse("{\"a\":{\"~\":1}}")).isEmpty();
    assertThat(Requirements.parse("{\"a\":null}")).isEmpty();
  }

  @Test
  void their_text_does_not_depend_on_the_order_in_which_they_were_given() {
    assertThat(Requirements.canonical("{\"b\":{\">\":1,\"<\":9},\"a\":[1]}"))
        .isEqualTo("{\"a\":[1],\"b\":{\"<\":9,\">\":1}}");
  }

  @Test
  void capabilities_are_plain_values_or_lists_of_them() {
    assertThat(NodeConfig.defaults().capabilities(WORKER).capabilities()).isEqualTo(WORKER);
    assertThatThrownBy(() -> NodeConfig.defaults().capabilities(Map.of("gpu", Map.of("n", 1))))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("the capability 'gpu' was {n=1}");
  }
}
