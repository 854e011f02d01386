package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.error.InvalidRequestException;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("R-18")
final class ExponentialBackoffTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private final SplittableRandom random = new SplittableRandom(1);

  @Test
  void grows_to_its_maximum_and_stays_there() {
    RetryPolicy policy =
        RetryPolicy.exponential().from(SECOND).times(2).upTo(Duration.ofSeconds(10)).jitter(0);

    assertThat(IntStream.of(1, 2, 3, 4, 5, 60, 1_000).mapToObj(attempt -> delay(policy, attempt)))
        .containsExactly(
            SECOND,
            SECOND.multipliedBy(2),
            SECOND.multipliedBy(4),
            SECOND.multipliedBy(8),
            SECOND.multipliedBy(10),
            SECOND.multipliedBy(10),
            SECOND.multipliedBy(10));
  }

  @Test
  void differs_by_its_jitter_either_way_and_no_more() {
    RetryPolicy policy = RetryPolicy.exponential();
    int below = 0;
    for (int i = 0; i < 1_000; i++) {
      Duration delay = delay(policy, 1);
      assertThat(delay).isBetween(Duration.ofMillis(900), Duration.ofMillis(1_100));
      below += delay.compareTo(SECOND) < 0 ? 1 : 0;
    }

    assertThat(below).isBetween(400, 600);
  }

  @Test
  void is_at_most_five_minutes_and_its_jitter_by_default() {
    assertThat(delay(RetryPolicy.exponential(), 50))
        .isBetween(Duration.ofSeconds(270), Duration.ofSeconds(330));
  }

  @Test
  void may_be_fixed_or_none() {
    assertThat(delay(RetryPolicy.fixed(SECOND), 7)).isEqualTo(SECOND);
    assertThat(RetryPolicy.none().delayAfter(1, random)).isEmpty();
  }

  @Test
  void refuses_values_that_make_no_sense_and_names_them() {
    assertThatThrownBy(
            () -> RetryPolicy.exponential().from(SECOND.negated()).times(2).upTo(SECOND).jitter(0))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessage("initial delay must not be negative, was -1s");
    assertThatThrownBy(
            () -> RetryPolicy.exponential().from(SECOND).times(0.5).upTo(SECOND).jitter(0))
        .hasMessage("multiplier must be at least 1, was 0.5");
    assertThatThrownBy(
            () -> RetryPolicy.exponential().from(SECOND).times(2).upTo(Duration.ZERO).jitter(0))
        .hasMessageContaining("maximum delay must be between the initial 1s and")
        .hasMessageEndingWith("was 0s");
    assertThatThrownBy(
            () -> RetryPolicy.exponential().from(SECOND).times(2).upTo(SECOND).jitter(1.5))
        .hasMessage("jitter must be 0 to 1, was 1.5");
  }

  private Duration delay(RetryPolicy policy, int attempt) {
    return policy.delayAfter(attempt, random).orElseThrow();
  }
}
