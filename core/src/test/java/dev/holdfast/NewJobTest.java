package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.error.InvalidRequestException;
import java.time.Duration;
import java.time.Instant;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("R-01")
final class NewJobTest {
  private final NewJob job = NewJob.of("mail", "ada");

  @Test
  void has_the_defaults_that_it_promises() {
    assertThat(job.queue()).isEqualTo("default");
    assertThat(job.priority()).isZero();
    assertThat(job.maxAttempts()).isEqualTo(4);
    assertThat(job.keyKept()).isEqualTo(Duration.ofDays(7));
    assertThat(job.id()).isEmpty();
    assertThat(job.runAt()).isEmpty();
    assertThat(job.delay()).isEmpty();
    assertThat(job.timeout()).isEmpty();
  }

  @Test
  void refuses_names_that_are_empty_too_long_or_unprintable() {
    assertRefused(() -> NewJob.of("", 1), "type must have 1 to 200 characters, had 0");
    assertRefused(() -> job.on(" "), "queue must have 1 to 200 characters, had 1");
    assertRefused(() -> job.group("x".repeat(201)), "group must have 1 to 200 characters, had 201");
    assertRefused(
        () -> job.unique("a\nb"),
        "idempotency key 'a?b' has a control character: use printable ones");
    assertRefused(
        () -> job.tags("a", "b\0"), "tag 'b?' has a control character: use printable ones");
    assertRefused(() -> job.tags("x".repeat(201)), "tag must have 1 to 200 characters, had 201");
    assertThat(job.group("x".repeat(200)).group()).isPresent();
  }

  @Test
  void refuses_numbers_out_of_their_limits() {
    assertRefused(() -> job.maxAttempts(0), "max attempts must be 1 to 1000, was 0");
    assertRefused(() -> job.maxAttempts(1_001), "max attempts must be 1 to 1000, was 1001");
    assertThat(job.maxAttempts(1_000).maxAttempts()).isEqualTo(1_000);
  }

  @Test
  void refuses_times_out_of_their_limits() {
    assertRefused(() -> job.in(Duration.ofMillis(-1)), "delay must be 0 to 36500 days, was -1ms");
    assertRefused(
        () -> job.in(Duration.ofDays(36_501)), "delay must be 0 to 36500 days, was 36501d");
    assertRefused(() -> job.timeout(Duration.ZERO), "timeout must be 1 ms to 36500 days, was 0s");
    assertRefused(
        () -> job.keepKey(Duration.ZERO),
        "an idempotency key must be kept for more than 0 and at most 36500 days, was 0s");
    assertThat(job.in(Duration.ZERO).delay()).contains(Duration.ZERO);
    assertThat(job.timeout(Duration.ofMillis(1)).timeout()).isPresent();
  }

  @Test
  void takes_the_last_setting_of_a_run_at_and_a_delay() {
    Instant noon = Instant.parse("2026-01-01T12:00:00Z");

    assertThat(job.in(Duration.ofHours(1)).at(noon).delay()).isEmpty();
    assertThat(job.at(noon).in(Duration.ofHours(1)).runAt()).isEmpty();
  }

  @Test
  void changes_by_each_method_what_it_says_and_nothing_else() {
    NewJob changed = job.priority(3).on("q").unique("k").group("g").tags("a", "b").createdBy("me");

    assertThat(changed.type()).isEqualTo("mail");
    assertThat(changed.payload()).isEqualTo("ada");
    assertThat(changed.queue()).isEqualTo("q");
    assertThat(changed.priority()).isEqualTo(3);
    assertThat(changed.key()).contains("k");
    assertThat(changed.group()).contains("g");
    assertThat(changed.tags()).containsExactly("a", "b");
    assertThat(changed.createdBy()).contains("me");
    assertThat(job.queue()).isEqualTo("default");
  }

  private static void assertRefused(ThrowingCallable call, String message) {
    assertThatThrownBy(call).isInstanceOf(InvalidRequestException.class).hasMessage(message);
  }
}
