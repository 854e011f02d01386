package dev.holdfast.handlers.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The statuses that count as success. */
final class StatusesTest {
  private static Statuses of(Object... expect) throws PayloadMistake {
    List<@Nullable Object> list = new ArrayList<>(List.of(expect));
    return Statuses.of(list);
  }

  @Test
  void are_2xx_if_nothing_is_said() throws Exception {
    Statuses statuses = Statuses.of(null);

    assertThat(statuses.contain(200)).isTrue();
    assertThat(statuses.contain(299)).isTrue();
    assertThat(statuses.contain(199)).isFalse();
    assertThat(statuses.contain(300)).isFalse();
  }

  @Test
  void are_numbers_spans_and_classes() throws Exception {
    Statuses statuses = of(404, "410", "200-204", "5xx");

    assertThat(List.of(404, 410, 200, 204, 500, 599)).allMatch(statuses::contain);
    assertThat(List.of(403, 205, 411, 600, 499)).noneMatch(statuses::contain);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "20", "2000", "6xx", "600", "200-", "200..204", "ok", "200.0"})
  void are_nothing_else(String text) {
    assertThatThrownBy(() -> of(text))
        .isInstanceOf(PayloadMistake.class)
        .hasMessage(
            "'%s' in 'expect' is not a status: expected one such as 404, \"200-299\" or \"2xx\""
                .formatted(text));
  }

  @Test
  void are_at_least_one() {
    assertThatThrownBy(() -> of()).hasMessageContaining("names no status");
    assertThatThrownBy(() -> Statuses.of(Collections.singletonList(null)))
        .hasMessageContaining("'null' in 'expect' is not a status");
  }
}
