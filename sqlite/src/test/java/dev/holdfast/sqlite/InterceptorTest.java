package dev.holdfast.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.Failure;
import dev.holdfast.HandlerPolicy;
import dev.holdfast.Holdfast;
import dev.holdfast.Job;
import dev.holdfast.JobHandler;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.error.ConflictException;
import dev.holdfast.error.NotRetryableException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Code around the handlers of a program. */
@Tag("R-68")
final class InterceptorTest {
  private static final Duration LONG = Duration.ofMinutes(2);

  @TempDir private Path folder;
  private Holdfast holdfast;
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private final BlockingQueue<Optional<Failure>> ends = new LinkedBlockingQueue<>();

  @BeforeEach
  void open() {
    holdfast = Holdfast.open(folder.resolve("jobs.db").toString());
  }

  @AfterEach
  void close() {
    holdfast.close();
  }

  private Optional<Failure> nextEnd() throws InterruptedException {
    Optional<Failure> end = ends.poll(LONG.toSeconds(), TimeUnit.SECONDS);
    assertThat(end).as("the end of an attempt").isNotNull();
    return end;
  }

  private Job run(NewJob job, JobHandler<String> handler) throws Exception {
    holdfast.handle("t", String.class, handler, HandlerPolicy.defaults());
    holdfast.start();
    return holdfast.await(holdfast.enqueue(job).id(), LONG).get();
  }

  private Job run(JobHandler<String> handler) throws Exception {
    return run(NewJob.of("t", "x").maxAttempts(1), handler);
  }

  private Object hear(String line) {
    heard.add(line);
    return line;
  }

  @Test
  void the_first_one_is_the_outermost_and_the_last_word_is_the_result() throws Exception {
    holdfast.intercept(
        call -> {
          hear("first " + call.job().type());
          call.onEnd(ends::add);
          call.onEnd(failure -> hear("end of first"));
          return call.proceed() + "!";
        });
    holdfast.intercept(
        call -> {
          hear("second");
          call.onEnd(failure -> hear("end of second"));
          Object result = call.proceed();
          hear("after " + result);
          return result;
        });

    Job job = run((payload, context) -> hear("handler"));

    assertThat(nextEnd()).isEmpty();
    assertThat(job.result()).contains("\"handler!\"");
    assertThat(heard)
        .containsExactly(
            "first t", "second", "handler", "after handler", "end of second", "end of first");
  }

  @Test
  void one_that_throws_fails_the_attempt_and_the_handler_does_not_run() throws Exception {
    holdfast.intercept(
        call -> {
          call.onEnd(ends::add);
          throw new NotRetryableException("not for this tenant");
        });

    Job job = run((payload, context) -> hear("handler"));

    assertThat(job.state()).isEqualTo(JobState.FAILED);
    assertThat(nextEnd().orElseThrow().kind()).isEqualTo(Failure.Kind.NOT_RETRYABLE);
    assertThat(heard).isEmpty();
  }

  @Test
  void one_can_translate_an_exception() throws Exception {
    holdfast.intercept(
        call -> {
          try {
            return call.proceed();
          } catch (IllegalArgumentException hopeless) {
            throw new NotRetryableException("hopeless", hopeless);
          }
        });

    Job job =
        run(
            NewJob.of("t", "x"),
            (payload, context) -> {
              throw new IllegalArgumentException("bad");
            });

    assertThat(job.failure().orElseThrow().kind()).isEqualTo(Failure.Kind.NOT_RETRYABLE);
  }

  @Test
  void a_time_out_is_the_failure_that_counts() throws Exception {
    holdfast.intercept(
        call -> {
          call.onEnd(ends::add);
          return call.proceed();
        });

    Job job =
        run(
            NewJob.of("t", "x").maxAttempts(1).timeout(Duration.ofMillis(50)),
            (payload, context) -> {
              new CountDownLatch(1).await();
              return null;
            });

    assertThat(job.failure().orElseThrow().kind()).isEqualTo(Failure.Kind.TIMEOUT);
    assertThat(nextEnd().orElseThrow().kind()).isEqualTo(Failure.Kind.TIMEOUT);
  }

  @Test
  void a_payload_that_cannot_be_read_is_seen_as_a_failure_too() throws Exception {
    holdfast.intercept(
        call -> {
          call.onEnd(ends::add);
          return call.proceed();
        });

    Job job = run(NewJob.of("t", List.of(1)), (payload, context) -> hear("handler"));

    assertThat(job.state()).isEqualTo(JobState.FAILED);
    assertThat(nextEnd().orElseThrow().kind()).isEqualTo(Failure.Kind.PAYLOAD);
  }

  @Test
  void a_handler_runs_once_however_often_one_proceeds() throws Exception {
    holdfast.intercept(
        call -> {
          call.proceed();
          return call.proceed();
        });

    Job job = run((payload, context) -> hear("handler"));

    assertThat(job.failure().orElseThrow().message()).contains("proceed twice");
    assertThat(heard).containsExactly("handler");
  }

  @Test
  void a_failure_at_the_end_changes_nothing() throws Exception {
    holdfast.intercept(
        call -> {
          call.onEnd(ends::add);
          call.onEnd(
              failure -> {
                throw new IllegalStateException("faulty");
              });
          return call.proceed();
        });

    Job job = run((payload, context) -> hear("handler"));

    assertThat(job.state()).isEqualTo(JobState.COMPLETED);
    assertThat(nextEnd()).isEmpty();
  }

  @Test
  void none_is_added_after_the_start() {
    holdfast.handle("t", String.class, (payload, context) -> payload);
    holdfast.start();

    assertThatThrownBy(() -> holdfast.intercept(call -> call.proceed()))
        .isInstanceOf(ConflictException.class);
  }
}
