package dev.holdfast.test;

import static dev.holdfast.test.HoldfastAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.JobQueue;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.check.Limits;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(HoldfastExtension.class)
class QueueAssertTest {
  private record Mail(String to, Map<String, Object> headers, List<Integer> parts) {}

  private static final Mail MAIL =
      new Mail("ada", Map.of("subject", "hello", "urgent", true), List.of(1, 2));

  private JobQueue queue;

  @BeforeEach
  void enqueueTwo(JobQueue newQueue) {
    queue = newQueue;
    queue.enqueue(NewJob.of("mail", MAIL).on("post"));
    queue.enqueue(NewJob.of("mail", "plain"));
  }

  @Nested
  class Passes {
    @Test
    void for_a_job_that_was_enqueued() {
      assertThat(queue).enqueued("mail").times(2).inState(JobState.PENDING);
    }

    @Test
    void for_a_part_of_a_payload() {
      assertThat(queue).enqueued("mail").withPayload(Map.of("to", "ada")).times(1).inQueue("post");
      assertThat(queue)
          .enqueued("mail")
          .withPayload(Map.of("headers", Map.of("urgent", true), "parts", List.of(1, 2)));
      assertThat(queue).enqueued("mail").withPayload(MAIL);
      assertThat(queue).enqueued("mail").withPayload("plain").inQueue("default");
    }

    @Test
    void for_a_type_of_which_there_is_no_job() {
      assertThat(queue).notEnqueued("invoice").enqueued("mail");
    }

    @Test
    void for_more_jobs_than_a_page_has() {
      queue.enqueue(Collections.nCopies(Limits.PAGE_MAX + 1, NewJob.of("many", 1)));

      assertThat(queue).enqueued("many").times(Limits.PAGE_MAX + 1);
    }
  }

  @Nested
  class Fails {
    @Test
    void for_another_type_and_shows_the_jobs() {
      assertThatThrownBy(() -> assertThat(queue).enqueued("invoice"))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("expected a job of type 'invoice'")
          .hasMessageContaining("mail in queue 'post', PENDING: {")
          .hasMessageContaining("\"plain\"");
    }

    @Test
    void for_another_payload() {
      assertThatThrownBy(() -> assertThat(queue).enqueued("mail").withPayload(Map.of("to", "bob")))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("with {\"to\":\"bob\"} in its payload");
      assertThatThrownBy(
              () -> assertThat(queue).enqueued("mail").withPayload(Map.of("parts", List.of(1))))
          .isInstanceOf(AssertionError.class);
      assertThatThrownBy(
              () -> assertThat(queue).enqueued("mail").withPayload(Map.of("missing", "x")))
          .isInstanceOf(AssertionError.class);
    }

    @Test
    void for_another_number_or_place_or_state() {
      assertThatThrownBy(() -> assertThat(queue).enqueued("mail").times(1))
          .hasMessageContaining("1 times, but there are 2");
      assertThatThrownBy(() -> assertThat(queue).enqueued("mail").inQueue("other"))
          .isInstanceOf(AssertionError.class);
      assertThatThrownBy(() -> assertThat(queue).enqueued("mail").inState(JobState.FAILED))
          .isInstanceOf(AssertionError.class);
    }

    @Test
    void for_a_job_that_should_not_be_there() {
      assertThatThrownBy(() -> assertThat(queue).notEnqueued("mail"))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("expected no job of type 'mail'");
    }
  }
}
