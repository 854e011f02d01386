package dev.holdfast.testkit;

import static dev.holdfast.test.time.VirtualHandlerThreads.sleep;
import static dev.holdfast.testkit.JobAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.Failure;
import dev.holdfast.JobContext;
import dev.holdfast.JobId;
import dev.holdfast.check.Limits;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.error.StaleLeaseException;
import dev.holdfast.error.StoreUnavailableException;
import dev.holdfast.spi.Lease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Checkpoints that a handler saves, and the attempts that read them. */
@Tag("R-34")
public abstract class CheckpointsScenes extends EngineScene {

  @Nested
  class A_checkpoint {
    @Test
    void is_read_by_the_attempt_after_a_crash() {
      handle(
          (payload, job) -> {
            heard.add(
                job.checkpoint("page", Integer.class).map(page -> "from " + page).orElse("-"));
            job.checkpoint("page", 7);
            return sleepLong(payload, job);
          });
      enqueue();
      advance(SECOND);

      world.crash("a");
      world.start("a");
      advance(SECOND);

      assertThat(heard).containsExactly("-", "from 7");
    }

    @Test
    void is_read_by_the_retry_after_a_failure() {
      handle(
          (payload, job) -> {
            int page = job.checkpoint("page", Integer.class).orElse(0);
            job.checkpoint("page", page + 1);
            if (page < 2) {
              throw new IllegalStateException("page " + page);
            }
            return page;
          });

      JobId id = enqueue();
      advance(seconds(5));

      assertThat(job(id)).isCompleted().hasResult("2");
    }

    @Test
    void is_read_by_the_attempt_that_saved_it() {
      handle(
          (payload, job) -> {
            job.checkpoint("a", Map.of("n", 1));
            job.checkpoint("a", Map.of("n", 2));
            return job.checkpoint("a", Map.class).orElseThrow();
          });

      JobId id = enqueue();
      advance(SECOND);

      assertThat(job(id)).isCompleted().hasResult("{\"n\":2}");
      assertThat(world.queue().checkpoints(id)).containsExactly(Map.entry("a", "{\"n\":2}"));
    }

    @Test
    void can_be_removed() {
      handle(
          (payload, job) -> {
            job.checkpoint("a", 1);
            job.removeCheckpoint("a");
            return job.checkpoint("a", Integer.class).isEmpty();
          });

      JobId id = enqueue();
      advance(SECOND);

      assertThat(job(id)).isCompleted().hasResult("true");
      assertThat(world.queue().checkpoints(id)).isEmpty();
    }

    @Test
    void is_removed_by_a_state_that_is_null() {
      handle(
          (payload, job) -> {
            Object none = null;
            job.checkpoint("a", 1);
            job.checkpoint("a", none);
            return job.checkpoint("a", Integer.class).isEmpty();
          });

      JobId id = enqueue();
      advance(SECOND);

      assertThat(job(id)).isCompleted().hasResult("true");
    }

    @Test
    @SuppressWarnings("NullAway") // that is what is tried
    void is_not_read_as_null_which_might_mean_a_removal() {
      handle((payload, job) -> job.checkpoint("a", null));

      JobId id = enqueue(job().maxAttempts(1));
      advance(SECOND);

      assertThat(job(id)).isFailedBy(Failure.Kind.ERROR);
      assertThat(job(id).failure().orElseThrow().message()).contains("removeCheckpoint removes it");
    }

    @Test
    void that_does_not_fit_the_type_asked_for_is_refused() {
      handle(
          (payload, job) -> {
            job.checkpoint("a", "text");
            return job.checkpoint("a", Integer.class);
          });

      JobId id = enqueue(job().maxAttempts(1));
      advance(SECOND);

      assertThat(job(id)).isFailedBy(Failure.Kind.ERROR);
      assertThat(job(id).failure().orElseThrow().message()).startsWith("InvalidRequestException");
    }
  }

  @Nested
  class A_save_whose_answer_was_lost {
    @Test
    void is_repeated_and_the_same_attempt_reads_what_is_there() {
      List<String> lost = new ArrayList<>();
      replaceWorld(
          store ->
              new StoreDecorator(store) {
                @Override
                public void checkpoint(Lease lease, String name, Optional<String> state) {
                  super.checkpoint(lease, name, state);
                  if (state.equals(Optional.of("2")) && lost.isEmpty()) {
                    lost.add(name);
                    throw new StoreUnavailableException("the answer was lost");
                  }
                }
              });
      handle(
          (payload, job) -> {
            job.checkpoint("a", 1);
            job.checkpoint("a", 2);
            return job.checkpoint("a", Integer.class).orElseThrow();
          });

      JobId id = enqueue();
      advance(SECOND);

      assertThat(job(id)).isCompleted().hasAttempts(1).hasResult("2");
      assertThat(lost).containsExactly("a");
    }
  }

  @Nested
  @Tag("R-33")
  class A_lease_that_has_ended {
    @Test
    void makes_the_save_fail_and_the_handlers_result_be_discarded() {
      handle(
          (payload, job) -> {
            try {
              sleep(seconds(5));
            } catch (InterruptedException cancelled) {
              try {
                job.checkpoint("a", 1);
              } catch (StaleLeaseException stale) {
                heard.add("stale");
                throw stale;
              }
            }
            return "late";
          });
      JobId id = enqueue();
      advance(SECOND);

      world.queue().cancel(List.of(id), "ops");
      advance(seconds(10));

      assertThat(heard).containsExactly("stale");
      assertThat(job(id)).isCancelled();
      assertThat(job(id).result()).isEmpty();
      assertThat(world.queue().checkpoints(id)).isEmpty();
    }

    @Test
    void leaves_the_successors_checkpoint_as_it_is() {
      handle(
          (payload, job) -> {
            job.checkpoint("a", job.token());
            sleepDeaf(seconds(4));
            job.checkpoint("a", job.token());
            return "done by " + job.token();
          });
      JobId id = enqueue();
      advance(SECOND);
      world.start("b");

      world.pause("a", seconds(40));
      advance(MINUTE.multipliedBy(2));

      assertThat(job(id)).isCompleted().hasResult("\"done by 3\"");
      assertThat(world.queue().checkpoints(id)).containsExactly(Map.entry("a", "3"));
    }
  }

  @Nested
  class Their_limits {
    @Test
    void allow_a_name_of_the_longest_length_and_no_longer() {
      inAHandler(
          job -> {
            job.checkpoint("n".repeat(Limits.NAME_CHARS_MAX), 1);
            assertRefused(job, "n".repeat(Limits.NAME_CHARS_MAX + 1), 1, "had 201");
            assertRefused(job, " ", 1, "1 to 200 characters");
          });
    }

    @Test
    void allow_so_many_bytes_and_no_more() {
      int quotes = 2;
      inAHandler(
          job -> {
            job.checkpoint("a", "é".repeat((Limits.CHECKPOINT_BYTES_MAX - quotes) / 2));
            String larger = "é".repeat((Limits.CHECKPOINT_BYTES_MAX - quotes) / 2) + "e";
            assertRefused(job, "a", larger, "has 1,048,577 bytes of JSON, at most 1,048,576");
            assertThat(job.checkpoint("a", String.class).orElseThrow())
                .hasSize((Limits.CHECKPOINT_BYTES_MAX - quotes) / 2);
          });
    }

    @Test
    void allow_so_many_names_and_no_more_until_one_is_removed() {
      inAHandler(
          job -> {
            for (int i = 0; i < Limits.CHECKPOINTS_MAX; i++) {
              job.checkpoint("n" + i, i);
            }
            assertRefused(job, "one more", 1, "at most 100 checkpoints");
            job.checkpoint("n5", "again");
            job.removeCheckpoint("n6");
            job.checkpoint("one more", 1);
          });
    }

    private void assertRefused(JobContext job, String name, Object state, String reason) {
      assertThatThrownBy(() -> job.checkpoint(name, state))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining(reason);
    }

    private void inAHandler(Consumer<JobContext> body) {
      handle(
          (payload, job) -> {
            body.accept(job);
            return "all as expected";
          });
      JobId id = enqueue(job().maxAttempts(1));
      advance(Duration.ofSeconds(1));
      assertThat(job(id)).isCompleted();
    }
  }
}
