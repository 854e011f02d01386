package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.Job;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.JobUpdate;
import dev.holdfast.NodeId;
import dev.holdfast.error.ConflictException;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.error.NotFoundException;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.Signal;
import dev.holdfast.spi.record.EncodedUpdate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A chapter of {@link JobStoreContract}: jobs that are changed before they start. */
abstract class StoreContractOfReplacing extends StoreFixture {
  @Nested
  @Tag("R-59")
  class Replacing {
    private final NodeId node = new NodeId(new UUID(9, 9));

    private void replace(JobId id, JobUpdate replacement) {
      queue.replace(id, replacement, "ada");
    }

    @Test
    void changes_what_was_named_and_nothing_else() {
      JobId id = enqueue(mail().priority(3).group("g"));
      Job before = job(id);

      replace(id, JobUpdate.of().payload(List.of("new")));

      Job after = job(id);
      assertThat(after.payload()).isEqualTo("[\"new\"]");
      assertThat(after.priority()).isEqualTo(3);
      assertThat(after.runAt()).isEqualTo(before.runAt());
      assertThat(after.state()).isEqualTo(JobState.PENDING);
      assertThat(path(id)).containsExactly(JobState.PENDING, JobState.PENDING);
      assertThat(lastEvent(id).by()).isEqualTo("ada");
      assertThat(lastEvent(id).why()).isEqualTo("replaced: payload");
      assertThat(claimOne(node).payload()).isEqualTo("[\"new\"]");
      assertThat(path(id)).containsExactly(JobState.PENDING, JobState.PENDING, JobState.RUNNING);
    }

    @Test
    void moves_a_job_within_its_queue() {
      List<JobId> ids = ids(3);

      replace(ids.get(2), JobUpdate.of().priority(9));

      assertThat(ids(claim(node, 3))).containsExactly(ids.get(2), ids.get(0), ids.get(1));
    }

    @Test
    void puts_off_and_brings_forward() {
      JobId id = enqueue(mail());

      replace(id, JobUpdate.of().in(SECOND.multipliedBy(60)));
      assertThat(job(id).state()).isEqualTo(JobState.SCHEDULED);
      assertThat(claim(node, 1)).isEmpty();
      replace(id, JobUpdate.of().at(time.now().plus(SECOND)));
      time.advance(SECOND);
      assertThat(store.promote(10).promoted()).isEqualTo(1);
      replace(id, JobUpdate.of().in(SECOND));
      replace(id, JobUpdate.of().in(Duration.ZERO));

      assertThat(ids(claim(node, 1))).containsExactly(id);
      assertThat(path(id)).endsWith(JobState.SCHEDULED, JobState.PENDING, JobState.RUNNING);
    }

    @Test
    void leaves_a_job_that_waits_for_others_waiting() {
      JobId first = enqueue(mail());
      JobId second = enqueue(mail().after(first));

      replace(second, JobUpdate.of().payload("new").in(SECOND));

      assertThat(job(second).state()).isEqualTo(JobState.BLOCKED);
      acknowledge(claimOne(node), complete());
      assertThat(job(second).state()).isEqualTo(JobState.SCHEDULED);
      assertThat(path(second))
          .containsExactly(JobState.BLOCKED, JobState.BLOCKED, JobState.SCHEDULED);
    }

    @Test
    void gives_a_new_payload_its_own_version() {
      JobId id = enqueue(mail());
      EncodedUpdate newer =
          new EncodedUpdate(
              Optional.of("7"), 5, Optional.empty(), Optional.empty(), Optional.empty());

      store.amend(id, newer, "ada");

      assertThat(job(id).payloadVersion()).isEqualTo(5);
    }

    @Test
    void tells_listeners_what_they_may_have_to_do_earlier() {
      JobId later = enqueue(mail().in(SECOND.multipliedBy(60)));
      JobId waits = enqueue(mail());
      Set<Signal> heard = ConcurrentHashMap.newKeySet();
      try (JobStore.Subscription listening = subscribe(heard::add)) {
        replace(later, JobUpdate.of().in(SECOND));
        assertThat(heard).contains(Signal.SCHEDULED).doesNotContain(Signal.WORK);
        replace(waits, JobUpdate.of().priority(9));
      }

      assertThat(heard).contains(Signal.WORK);
    }

    @Test
    void is_refused_for_a_job_that_has_started() {
      for (JobState state :
          List.of(
              JobState.RUNNING,
              JobState.COMPLETED,
              JobState.FAILED,
              JobState.CANCELLED,
              JobState.INTERRUPTED)) {
        JobId id = jobIn(state);
        Job before = job(id);

        assertThatThrownBy(() -> replace(id, JobUpdate.of().payload("new")))
            .isInstanceOf(ConflictException.class)
            .hasMessageContaining("is " + state);

        assertThat(job(id)).isEqualTo(before);
      }
      assertThatThrownBy(() -> replace(new JobId(new UUID(4, 4)), JobUpdate.of().priority(1)))
          .isInstanceOf(NotFoundException.class);
      assertThatThrownBy(() -> replace(jobIn(JobState.PENDING), JobUpdate.of()))
          .isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void finds_a_job_by_its_key() {
      JobId id = enqueue(mail().unique("k").group("g"));

      assertThat(queue.findByKey(TYPE, "k", "g")).contains(id);
      assertThat(queue.findByKey(TYPE, "k", null)).isEmpty();
      time.advance(Duration.ofDays(8));
      assertThat(queue.findByKey(TYPE, "k", "g")).isEmpty();
    }

    @Test
    void and_a_claim_at_once_have_one_winner() {
      JobStore handle = other();
      for (int round = 0; round < 20; round++) {
        JobId id = enqueue(mail());

        List<String> seen =
            atOnce(
                List.<Callable<String>>of(
                    () -> {
                      try {
                        queue.replace(id, JobUpdate.of().payload("new"), "ada");
                        return "replaced";
                      } catch (ConflictException late) {
                        return "refused";
                      }
                    },
                    () ->
                        claim(handle, node, 1).stream()
                            .map(one -> one.payload())
                            .findFirst()
                            .orElse("none")));

        boolean isReplaced = seen.get(0).equals("replaced");
        assertThat(job(id).payload()).isEqualTo(isReplaced ? "\"new\"" : "\"ada\"");
        assertThat(seen.get(1)).isIn("none", isReplaced ? "\"new\"" : "\"ada\"");
        store.cancel(List.of(id), "test");
      }
    }
  }
}
