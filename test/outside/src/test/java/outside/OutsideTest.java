package outside;

import static dev.holdfast.test.HandlerTests.crashAtEveryStep;
import static dev.holdfast.test.HoldfastAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.HandlerPolicy;
import dev.holdfast.Holdfast;
import dev.holdfast.JobQueue;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.RetryPolicy;
import dev.holdfast.test.HoldfastExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The test kit as somebody else uses it: with JUnit, and nothing else. */
class OutsideTest {
  record Mail(String to) {}

  private final List<String> sent = new ArrayList<>();

  @RegisterExtension
  final HoldfastExtension test =
      new HoldfastExtension(
          holdfast ->
              holdfast.handle(
                  "mail",
                  Mail.class,
                  (mail, job) -> {
                    if (job.attempt() < 3) {
                      throw new IllegalStateException("down");
                    }
                    return sent.add(mail.to());
                  },
                  HandlerPolicy.defaults().retry(RetryPolicy.fixed(Duration.ofHours(1)))));

  @Test
  void a_month_of_retries(Holdfast holdfast, JobQueue queue) {
    for (int i = 0; i < 100; i++) {
      holdfast.enqueue(NewJob.of("mail", new Mail("ada " + i)).in(Duration.ofHours(7L * i)));
    }
    assertThat(queue).enqueued("mail").withPayload(Map.of("to", "ada 99")).times(1);

    test.advance(Duration.ofDays(31));

    assertEquals(100, sent.size());
    assertThat(queue).enqueued("mail").inState(JobState.COMPLETED);
  }

  @Test
  void a_crash_at_every_step() {
    List<String> effects = new ArrayList<>();

    assertEquals(
        List.of("sent"),
        crashAtEveryStep((mail, job) -> effects.add("sent"), new Mail("ada"), effects).doubled());
  }
}
