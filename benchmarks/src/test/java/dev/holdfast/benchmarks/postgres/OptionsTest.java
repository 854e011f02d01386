package dev.holdfast.benchmarks.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class OptionsTest {
  @Test
  void leave_everything_else_as_it_is() {
    Options options = Options.of("--only", "pinned,growth", "--seconds", "20");

    assertThat(options.scenarios()).containsExactly("pinned", "growth");
    assertThat(options.time(Duration.ofMinutes(3))).isEqualTo(Duration.ofSeconds(20));
    assertThat(options.rounds()).isEqualTo(3);
    assertThat(options.graphile()).isEmpty();
  }

  @Test
  void that_are_unknown_are_reported_with_the_valid_ones() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Options.of("--round", "3"))
        .withMessageContaining("--round is not an option")
        .withMessageContaining("--rounds");
  }

  @Test
  void that_are_not_numbers_are_reported() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Options.of("--jobs", "many").jobs())
        .withMessage("--jobs must be a whole number, was \"many\"");
  }
}
