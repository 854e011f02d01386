package dev.holdfast.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.error.InvalidRequestException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
  @ParameterizedTest
  @CsvSource({
    "500ms,PT0.5S",
    "30s,PT30S",
    "1.5s,PT1.5S",
    "5m,PT5M",
    "1h30m,PT1H30M",
    "2d,PT48H",
    "0,PT0S",
    "0s,PT0S",
    " 3S ,PT3S",
    "7d,PT168H",
    "PT30S,PT30S",
    "p1dt2h,PT26H"
  })
  void it_reads_what_people_write(String text, Duration duration) {
    assertThat(Durations.parse(text)).isEqualTo(duration);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "5",
        "s",
        "-1s",
        "5x",
        "1h 30m",
        "PT",
        "PT-5S",
        "P1Y",
        "PT999999999999999999S",
        "99999999999s",
        "1,5s"
      })
  void it_refuses_anything_else(String text) {
    assertThatThrownBy(() -> Durations.parse(text))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("'" + text + "' is not a duration: expected");
  }

  @ParameterizedTest
  @ValueSource(ints = {40, 20_000})
  void it_refuses_what_has_no_end(int parts) {
    assertThat(Durations.find("1ms".repeat(parts))).isEmpty();
    assertThat(Durations.find("999999999d1d")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0s", "1ms", "30s", "1h30m", "2d", "36500d", "1d2h3m4s5ms"})
  void it_writes_what_it_reads(String text) {
    assertThat(Durations.write(Durations.parse(text))).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"30,PT30M", "0.5,PT30S", "0,PT0S", " 2 ,PT2M", "90s,PT1M30S", "1h,PT1H"})
  void a_number_alone_counts_units(String text, Duration duration) {
    assertThat(Durations.parse(text, Duration.ofMinutes(1))).isEqualTo(duration);
  }

  @Test
  void it_makes_unprintable_text_printable() {
    assertThatThrownBy(() -> Durations.parse("\u001b[31m")).hasMessageStartingWith("'·[31m' is");
  }

  @ParameterizedTest
  @CsvSource({
    "PT0S,0.0s",
    "PT1.24S,1.2s",
    "PT59.94S,59.9s",
    "PT59.96S,1m 0s",
    "PT3M4S,3m 4s",
    "PT59M59.9S,1h 0m",
    "PT2H5M,2h 5m",
    "PT76H,3d 4h"
  })
  void is_readable_for_people(Duration duration, String text) {
    assertThat(Durations.format(duration)).isEqualTo(text);
  }
}
