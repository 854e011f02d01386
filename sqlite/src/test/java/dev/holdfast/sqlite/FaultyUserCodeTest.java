package dev.holdfast.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Failure;
import dev.holdfast.HandlerPolicy;
import dev.holdfast.Holdfast;
import dev.holdfast.Job;
import dev.holdfast.JobHandler;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.RetryPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** User code that fails in unusual places, which must not leave a job stuck. */
@Timeout(60)
class FaultyUserCodeTest {
  @TempDir private Path folder;

  private static final JobHandler<String> FAILS =
      JobHandler.action(
          (payload, job) -> {
            throw new IllegalStateException("as wished");
          });

  private static final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new IllegalStateException("no message");
    }
  }

  private Job run(JobHandler<String> handler, RetryPolicy retry) throws Exception {
    try (Holdfast holdfast = Holdfast.open(folder.resolve("jobs.db").toString())) {
      holdfast.handle("x", String.class, handler, HandlerPolicy.defaults().retry(retry));
      holdfast.start();
      JobId id = holdfast.enqueue(NewJob.of("x", "").maxAttempts(2)).id();
      return holdfast.await(id, Duration.ofSeconds(20)).get(30, TimeUnit.SECONDS);
    }
  }

  @Test
  void an_exception_whose_message_cannot_be_read_is_a_failure() throws Exception {
    Job job =
        run(
            JobHandler.action(
                (payload, attempt) -> {
                  throw new Unreadable();
                }),
            RetryPolicy.none());

    assertThat(job.state()).isEqualTo(JobState.FAILED);
    assertThat(job.failure().orElseThrow())
        .isEqualTo(Failure.of(Failure.Kind.ERROR, "Unreadable, whose message cannot be read"));
  }

  @Test
  void a_retry_policy_that_throws_gives_way_to_the_default_one() throws Exception {
    Job job =
        run(
            FAILS,
            (attempt, random) -> {
              throw new IllegalStateException("no policy");
            });

    assertThat(job.state()).isEqualTo(JobState.FAILED);
    assertThat(job.attempt()).isEqualTo(2);
  }

  @Test
  void a_retry_policy_with_an_infinite_delay_gives_way_to_the_default_one() throws Exception {
    Job job = run(FAILS, (attempt, random) -> Optional.of(Duration.ofSeconds(Long.MAX_VALUE)));

    assertThat(job.state()).isEqualTo(JobState.FAILED);
    assertThat(job.attempt()).isEqualTo(2);
  }
}
