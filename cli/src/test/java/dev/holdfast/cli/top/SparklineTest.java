package dev.holdfast.cli.top;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("R-77")
final class SparklineTest {
  @Test
  void has_a_bar_for_each_value() {
    assertThat(Sparkline.of(List.of(0L, 1L, 50L, 100L))).isEqualTo(" ▁▄█");
  }

  @Test
  void is_empty_where_nothing_happened() {
    assertThat(Sparkline.of(List.of(0L, 0L))).isEmpty();
    assertThat(Sparkline.of(List.of())).isEmpty();
  }
}
