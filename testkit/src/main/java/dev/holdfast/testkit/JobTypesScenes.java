package dev.holdfast.testkit;

import static dev.holdfast.testkit.JobAssert.assertThat;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.Failure;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue;
import dev.holdfast.JobState;
import dev.holdfast.JobType;
import dev.holdfast.NewJob;
import dev.holdfast.Outcome;
import dev.holdfast.engine.Handlers;
import dev.holdfast.engine.JacksonCodec;
import dev.holdfast.engine.queue.StoreQueue;
import dev.holdfast.error.ConflictException;
import dev.holdfast.error.InvalidRequestException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Names of types, and payloads of several versions. */
@Tag("R-56")
@SuppressWarnings("rawtypes") // a class of payloads has no parameters
public abstract class JobTypesScenes extends EngineScene {
  /** A payload of the newest version. */
  private record Mail(String to, List<String> cc) {}

  private static final JobType<Mail, Object> MAIL =
      JobType.of("mail", Mail.class)
          .upcast(1, old -> Map.of("to", old))
          .upcast(
              2, old -> Map.of("to", requireNonNull((Map<?, ?>) old).get("to"), "cc", List.of()));

  private void handleMail() {
    world.handle(
        MAIL,
        (payload, job) -> {
          heard.add(payload.toString());
          return payload.to();
        });
    world.start("a");
  }

  @Nested
  class A_typed_result {
    private final JobType<String, Integer> length =
        JobType.of("length", String.class, Integer.class);

    @Test
    void is_what_the_handler_returned() {
      world.handle(length, (text, job) -> text.isEmpty() ? null : text.length());
      world.start("a");
      JobId four = enqueue(length.with("four"));
      JobId none = enqueue(length.with(""));
      CompletableFuture<Optional<Integer>> awaited = world.queue().await(four, length, SECOND);
      advance(SECOND);

      assertThat(awaited.join()).contains(4);
      assertThat(job(four).result(Integer.class)).contains(4);
      assertThat(job(none).result(Integer.class)).isEmpty();
    }

    @Test
    void that_does_not_fit_is_refused_with_both() {
      world.handle(length, (text, job) -> text);
      world.start("a");
      JobId id = enqueue(length.with("four"));
      advance(SECOND);

      assertThatThrownBy(() -> job(id).result(Integer.class))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("the result does not fit java.lang.Integer");
    }

    @Test
    void of_a_job_that_failed_does_not_come() {
      world.handle(length, (text, job) -> Outcome.notRetryable("no text"));
      world.start("a");
      JobId id = enqueue(length.with("four"));
      CompletableFuture<Optional<Integer>> awaited = world.queue().await(id, length, SECOND);
      advance(SECOND);

      assertThatThrownBy(awaited::join)
          .hasCauseInstanceOf(ConflictException.class)
          .hasMessageContaining("job %s is FAILED, no text: it has no result".formatted(id));
    }
  }

  @Nested
  class An_alias {
    @Test
    void lets_the_same_handler_run_jobs_of_an_old_name() {
      world.handle(
          JobType.of("mail", String.class).aliases("send-mail", "email"),
          (payload, job) -> job.type());
      world.start("a");

      JobId old = enqueue(NewJob.of("send-mail", "x"));
      JobId current = enqueue(NewJob.of("mail", "x"));
      advance(SECOND);

      assertThat(job(old)).isCompleted().hasResult("\"send-mail\"");
      assertThat(job(current)).isCompleted().hasResult("\"mail\"");
      assertThat(node("a").types()).containsExactlyInAnyOrder("mail", "send-mail", "email");
    }

    @Test
    void that_has_a_handler_already_is_refused_and_nothing_is_added() {
      Handlers handlers = new Handlers(new JacksonCodec());
      handlers.add(JobType.of("email", String.class), (payload, job) -> 1);

      assertThatThrownBy(
              () ->
                  handlers.add(
                      JobType.of("mail", String.class).aliases("email"), (payload, job) -> 1))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("type 'email' has a handler already");

      handlers.add(JobType.of("mail", String.class), (payload, job) -> 1);
    }
  }

  @Nested
  class A_payload {
    @Test
    void of_an_old_version_is_turned_into_each_next_one() {
      handleMail();

      JobId id = enqueue(NewJob.of("mail", "ada").version(1));
      advance(SECOND);

      assertThat(job(id)).isCompleted().hasResult("\"ada\"");
      assertThat(heard.get(0)).contains("to=ada").contains("cc=[]");
      assertThat(job(id).payload()).as("what is stored stays as it was").isEqualTo("\"ada\"");
    }

    @Test
    void of_the_current_version_is_read_as_it_is() {
      handleMail();

      enqueue(NewJob.of("mail", Map.of("to", "ada", "cc", List.of("bob"))).version(3));
      advance(SECOND);

      assertThat(heard.get(0)).contains("cc=[bob]");
    }

    @Test
    void of_a_newer_version_is_left_to_newer_nodes_and_uses_up_no_attempt() {
      handleMail();

      JobId id = enqueue(NewJob.of("mail", Map.of("to", "ada")).version(4).maxAttempts(1));
      advance(Duration.ofMinutes(2));

      assertThat(job(id)).isScheduled().hasAttempts(0).hasCrashes(0);
      assertThat(heard).isEmpty();
    }

    @Test
    void that_an_upcaster_cannot_read_fails_the_job_and_stays_intact() {
      handleMail();

      JobId id = enqueue(NewJob.of("mail", "no map").version(2));
      advance(SECOND);

      assertThat(job(id)).isFailedBy(Failure.Kind.PAYLOAD).hasAttempts(1);
      assertThat(job(id).failure().orElseThrow().message())
          .contains("the payload of version 2 cannot be turned into version 3");
      assertThat(job(id).payload()).isEqualTo("\"no map\"");
      assertThat(job(id).payloadVersion()).isEqualTo(2);
    }

    @Test
    void that_does_not_fit_fails_the_job_and_stays_intact() {
      handleMail();

      JobId id = enqueue(NewJob.of("mail", List.of(1)).version(3));
      advance(SECOND);

      assertThat(job(id)).isFailedBy(Failure.Kind.PAYLOAD);
      assertThat(job(id).payload()).isEqualTo("[1]");
    }
  }

  @Nested
  class A_version {
    @Test
    void without_an_upcaster_before_it_is_refused() {
      assertThatThrownBy(() -> JobType.of("mail", Map.class).upcast(2, old -> old))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("none from version 1: each version from 1 on needs one");
    }

    @Test
    void is_one_more_than_there_are_upcasters() {
      assertThat(JobType.of("mail", Map.class).version()).isEqualTo(1);
      assertThat(MAIL.version()).isEqualTo(3);
      assertThat(MAIL.with(new Mail("ada", List.of())).payloadVersion()).contains(3);
    }

    @Test
    void is_stamped_at_the_enqueue_as_this_process_knows_it() {
      Handlers handlers = new Handlers(new JacksonCodec());
      handlers.add(MAIL, (payload, job) -> 1);
      JobQueue queue =
          new StoreQueue(
              world.store(),
              handlers,
              world.time(),
              new SplittableRandom(1),
              () -> {
                throw new AssertionError("nobody waits here");
              },
              Runnable::run);

      JobId known = queue.enqueue(NewJob.of("mail", Map.of())).id();
      JobId unknown = queue.enqueue(NewJob.of("other", "x")).id();
      JobId said = queue.enqueue(NewJob.of("mail", "x").version(1)).id();

      assertThat(job(known).payloadVersion()).isEqualTo(3);
      assertThat(job(unknown).payloadVersion()).isEqualTo(1);
      assertThat(job(said).payloadVersion()).isEqualTo(1);
      assertThat(world.store().insights().status().counts()).containsEntry(JobState.PENDING, 3L);
    }
  }
}
