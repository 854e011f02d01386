package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.JobUpdate;
import dev.holdfast.NewJob;
import dev.holdfast.check.UnicodeText;
import dev.holdfast.engine.JacksonCodec;
import dev.holdfast.error.InvalidRequestException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("R-05")
class UnicodeTextTest {
  private static final NewJob JOB = NewJob.of("t", 1);

  @Test
  void is_whole_where_every_surrogate_has_its_other_half() {
    assertThat(List.of("", "a", "\ud83d\ude00", "a\ud83d\ude00b")).noneMatch(UnicodeText::isBroken);
    assertThat(List.of("\ud83d", "\ude00", "\ude00\ud83d", "\ud83d\ud83d\ude00", "a\ud83db"))
        .allMatch(UnicodeText::isBroken);
  }

  @Test
  void applies_to_names_keys_groups_and_all_that_is_written_as_json() {
    String half = "a\ud800";
    isInvalid(() -> NewJob.of(half, 1));
    isInvalid(() -> JOB.unique(half));
    isInvalid(() -> JOB.group(half));
    isInvalid(() -> JOB.on(half));
    isInvalid(() -> JOB.createdBy(half));
    isInvalid(() -> new JacksonCodec().encode(Map.of("k", half)));
    isInvalid(() -> new JacksonCodec().encode(List.of(half)));
  }

  @Test
  void is_refused_like_nulls_and_times_beyond_the_calendar() {
    Map<String, Object> nothing = new HashMap<>();
    nothing.put("k", null);
    isInvalid(() -> JOB.metadata(nothing));
    isInvalid(() -> JOB.requires(nothing));
    isInvalid(() -> JOB.at(Instant.MAX));
    isInvalid(() -> JOB.at(Instant.MIN));
    isInvalid(() -> JobUpdate.of().at(Instant.MAX));
  }

  private static void isInvalid(Runnable asked) {
    assertThatThrownBy(asked::run).isInstanceOf(InvalidRequestException.class);
  }
}
