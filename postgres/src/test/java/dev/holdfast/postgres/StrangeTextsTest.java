package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.Job;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts that a UTF-8 database cannot store, which must not keep a job from ending. */
final class StrangeTextsTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private TestDatabase database;
  private Holdfast holdfast;

  @BeforeEach
  void open() {
    database = TestDatabase.on(18);
    holdfast = Holdfast.open(database.url());
  }

  @AfterEach
  void close() {
    holdfast.close();
    database.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a zero \0 in it"}) // halves of pairs are rejected at the call
  void in_a_payload_a_failure_and_a_log_line_keep_no_job_from_its_end(String text)
      throws Exception {
    holdfast.handle(
        "fails",
        String.class,
        (payload, job) -> {
          job.log(text);
          job.progress(50, text);
          throw new IllegalStateException(text);
        });
    holdfast.handle("returns", String.class, (payload, job) -> payload);
    holdfast.start();

    JobId fails = holdfast.enqueue(NewJob.of("fails", text).maxAttempts(1)).id();
    JobId returns = holdfast.enqueue(NewJob.of("returns", text)).id();

    List<Job> jobs = holdfast.queue().await(List.of(fails, returns), LONG).get();
    assertThat(jobs.get(0).state()).isEqualTo(JobState.FAILED);
    assertThat(jobs.get(0).failure().orElseThrow().message()).startsWith("IllegalStateException: ");
    assertThat(jobs.get(1).state()).isEqualTo(JobState.COMPLETED);
  }
}
