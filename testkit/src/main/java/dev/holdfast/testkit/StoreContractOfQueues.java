package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.ClaimOrder;
import dev.holdfast.ConflictException;
import dev.holdfast.Explanation;
import dev.holdfast.Explanation.Code;
import dev.holdfast.InvalidRequestException;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.NodeId;
import dev.holdfast.QueuePause;
import dev.holdfast.QueueSettings;
import dev.holdfast.QueueSettings.Rate;
import dev.holdfast.QueueSummary;
import dev.holdfast.Transition;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.Move;
import dev.holdfast.spi.QueueRecord;
import dev.holdfast.spi.Signal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A chapter of {@link JobStoreContract}. What operators say of queues. */
abstract class StoreContractOfQueues extends StoreContractOfRecords {
  static final String QUEUE = "default";

  @Nested
  @Tag("R-17")
  class The_settings_of_a_queue {
    private static final QueueSettings EVERYTHING =
        new QueueSettings(
            ClaimOrder.FAIR,
            true,
            Optional.of(7),
            Optional.of(2),
            Optional.of(new Rate(100, Duration.ofMinutes(1))));

    @Test
    void are_the_defaults_until_somebody_says_otherwise() {
      assertThat(queue.settings("unheard-of")).isEqualTo(QueueSettings.defaults());
    }

    @Test
    void are_kept_for_all_who_look() {
      assertThat(queue.configure("letters", any -> EVERYTHING)).isEqualTo(EVERYTHING);

      assertThat(other().settings("letters")).isEqualTo(EVERYTHING);
      assertThat(queue.settings(QUEUE)).isEqualTo(QueueSettings.defaults());
    }

    @Test
    void are_changed_from_what_they_are() {
      queue.configure("letters", any -> EVERYTHING);

      queue.configure("letters", was -> was.concurrency(Optional.empty()).manual(false));

      assertThat(queue.settings("letters"))
          .isEqualTo(EVERYTHING.concurrency(Optional.empty()).manual(false));
    }

    @Test
    void tell_listeners_of_a_change() {
      Set<Signal> heard = ConcurrentHashMap.newKeySet();
      try (JobStore.Subscription listening = subscribe(heard::add)) {
        queue.configure("letters", any -> EVERYTHING);
      }

      assertThat(heard).contains(Signal.QUEUES);
    }

    @Test
    void are_refused_for_a_name_that_no_queue_can_have() {
      assertThatThrownBy(() -> queue.configure(" ", was -> was))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("queue");
    }

    @Test
    void cannot_be_changed_where_the_queue_has_moved_away() {
      store.archive().fence(new Move(Move.Direction.GONE, "elsewhere"));

      assertThatThrownBy(() -> queue.configure("letters", any -> EVERYTHING))
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("elsewhere");
      store.archive().unfence();
    }
  }

  @Nested
  @Tag("R-17")
  class A_paused_queue {
    @Test
    void gives_nothing_to_a_claim_and_the_others_do() {
      NodeId node = register("a");
      JobId here = enqueue(mail());
      JobId there = enqueue(mail().on("letters"));
      assertThat(queue.pauseQueue(QUEUE, "ada")).isTrue();

      assertThat(ids(claim(node, 10))).containsExactly(there);
      assertThat(claim(other(), register("b"), 10)).isEmpty();
      assertThat(job(here).state()).isEqualTo(JobState.PENDING);
    }

    @Test
    void lets_run_what_runs_and_takes_new_jobs() {
      NodeId node = register("a");
      enqueue(mail());
      Claimed running = claimOne(node);
      queue.pauseQueue(QUEUE, "ada");

      acknowledge(running, complete());
      JobId later = enqueue(mail());

      assertThat(claim(node, 10)).isEmpty();
      queue.resumeQueue(QUEUE);
      assertThat(ids(claim(node, 10))).containsExactly(later);
    }

    @Test
    void keeps_back_what_returns_to_it() {
      NodeId node = register("a");
      enqueue(mail());
      Claimed running = claimOne(node);
      queue.pauseQueue(QUEUE, "ada");

      acknowledge(running, new Transition.Release("back"));

      assertThat(claim(node, 10)).isEmpty();
    }

    @Test
    void goes_on_when_it_is_resumed_by_whomever() {
      NodeId node = register("a");
      List<JobId> all = ids(5);
      assertThat(ids(claim(node, 1))).containsExactly(all.get(0));
      queue.pauseQueue(QUEUE, "ada");
      assertThat(claim(node, 10)).isEmpty();
      assertThat(claim(node, 10)).isEmpty();

      assertThat(other().resumeQueue(QUEUE)).isTrue();

      time.advance(Duration.ofSeconds(1));
      assertThat(ids(claim(node, 10))).containsExactlyElementsOf(all.subList(1, 5));
      assertThat(queue.resumeQueue(QUEUE)).isFalse();
    }

    @Test
    void stays_paused_by_whoever_did_it_first() {
      queue.pauseQueue(QUEUE, "ada");
      Instant since = time.now();
      time.advance(SECOND);

      assertThat(queue.pauseQueue(QUEUE, "bob")).isFalse();

      assertThat(summary(QUEUE).paused()).contains(new QueuePause(since, "ada"));
    }

    @Test
    void tells_listeners_that_it_was_paused() {
      Set<Signal> heard = ConcurrentHashMap.newKeySet();
      try (JobStore.Subscription listening = subscribe(heard::add)) {
        queue.pauseQueue(QUEUE, "ada");
      }

      assertThat(heard).contains(Signal.QUEUES);
    }

    @Test
    void wakes_its_nodes_when_it_is_resumed() {
      queue.pauseQueue(QUEUE, "ada");
      Set<Signal> heard = ConcurrentHashMap.newKeySet();
      try (JobStore.Subscription listening = subscribe(heard::add)) {
        queue.resumeQueue(QUEUE);
      }

      assertThat(heard).contains(Signal.QUEUES, Signal.WORK);
    }

    @Test
    @Tag("R-36")
    void is_the_reason_why_its_jobs_wait() {
      register("a");
      JobId id = enqueue(mail());
      queue.pauseQueue(QUEUE, "ada");

      Explanation why = queue.explain(id);

      assertThat(why.reasons()).extracting(Explanation.Reason::code).contains(Code.QUEUE_PAUSED);
      assertThat(why.reasons()).extracting(Explanation.Reason::code).doesNotContain(Code.RUNNABLE);
      assertThat(why.reasons().get(0).text()).contains("by ada");
    }
  }

  @Nested
  @Tag("R-55")
  class Settings_that_go_elsewhere {
    private final QueueSettings fair = QueueSettings.defaults().order(ClaimOrder.FAIR);

    @Test
    void are_recorded_with_the_pause() {
      queue.configure("letters", any -> fair);
      queue.pauseQueue("letters", "ada");

      List<QueueRecord> records = store.archive().queues();

      assertThat(records).extracting(QueueRecord::name).containsExactly("letters");
      assertThat(records.get(0).settings()).isEqualTo(fair);
      assertThat(records.get(0).paused()).contains(new QueuePause(time.now(), "ada"));
    }

    @Test
    void are_loaded_where_nothing_was_said_and_obeyed_by_what_waits() {
      QueuePause pause = new QueuePause(time.now(), "ada");
      JobId low = enqueue(mail().on("letters"));
      enqueue(mail().on("letters").priority(9));
      queue.configure(QUEUE, was -> was.concurrency(Optional.of(1)));
      QueueSettings fifo = QueueSettings.defaults().order(ClaimOrder.FIFO);

      store
          .archive()
          .loadQueues(
              List.of(
                  new QueueRecord("letters", fifo, Optional.of(pause), 0),
                  new QueueRecord(QUEUE, fifo, Optional.empty(), 0)));
      store.reorder(1_000);

      assertThat(summary("letters").paused()).contains(pause);
      assertThat(queue.settings(QUEUE).order()).isEqualTo(ClaimOrder.PRIORITY);
      queue.resumeQueue("letters");
      assertThat(ids(claim(register("a"), 1))).containsExactly(low);
    }

    @Test
    void of_types_are_loaded_where_there_are_none_and_obeyed() {
      queue.limitType("a", Optional.of(2));
      assertThat(store.archive().typeLimits()).containsOnly(Map.entry("a", 2));
      for (int i = 0; i < 3; i++) {
        enqueue(NewJob.of("b", i));
      }

      store.archive().loadTypeLimits(Map.of("a", 7, "b", 1));

      assertThat(queue.typeLimits()).containsOnly(Map.entry("a", 2), Map.entry("b", 1));
      assertThat(exchange(List.of(), new Claim(register("n"), List.of(), Set.of("b"), 9)).claimed())
          .hasSize(1);
    }

    @Test
    void of_types_replace_all_that_were_there_in_a_copy() {
      queue.limitType("a", Optional.of(2));
      assertThatThrownBy(() -> store.archive().fillTypeLimits(Map.of("b", 1)))
          .isInstanceOf(ConflictException.class);
      store.archive().fence(new Move(Move.Direction.COMING, "elsewhere"));

      store.archive().fillTypeLimits(Map.of("b", 1));

      store.archive().unfence();
      assertThat(queue.typeLimits()).containsOnly(Map.entry("b", 1));
    }

    @Test
    void replace_what_was_said_in_a_copy() {
      queue.configure(QUEUE, was -> was.concurrency(Optional.of(1)));
      store.archive().fence(new Move(Move.Direction.COMING, "elsewhere"));

      store.archive().loadQueues(List.of(new QueueRecord(QUEUE, fair, Optional.empty(), 2)));

      store.archive().unfence();
      assertThat(queue.settings(QUEUE)).isEqualTo(fair);
    }
  }

  @Nested
  @Tag("R-38")
  class All_queues_at_a_glance {
    @Test
    void are_those_that_have_settings_jobs_or_nodes() {
      assertThat(queue.queues()).isEmpty();
      register("a"); // which names two
      enqueue(mail().on("work"));
      queue.pauseQueue("kept", "ada");

      assertThat(queue.queues())
          .extracting(QueueSummary::name)
          .containsExactly("default", "kept", "letters", "work");
    }

    @Test
    void tell_what_has_not_ended_and_who_serves_it() {
      NodeId node = register("a");
      Instant first = time.now();
      List<JobId> all = ids(3);
      time.advance(SECOND);
      enqueue(mail());
      enqueue(mail().in(SECOND));
      acknowledge(claimOne(node), complete());
      claimOne(node);

      QueueSummary seen = summary(QUEUE);

      assertThat(seen.counts())
          .isEqualTo(
              Map.of(
                  JobState.PENDING, 2L,
                  JobState.RUNNING, 1L,
                  JobState.SCHEDULED, 1L,
                  JobState.BLOCKED, 0L));
      assertThat(seen.oldestPending()).contains(first);
      assertThat(seen.nodes()).isEqualTo(1);
      assertThat(seen.settings()).isEqualTo(QueueSettings.defaults());
      assertThat(all).hasSize(3);
    }

    @Test
    void forget_a_queue_that_has_nothing_left() {
      JobId id = enqueue(mail().on("work"));
      store.cancel(List.of(id), "test");

      assertThat(queue.queues()).isEmpty();
    }
  }

  QueueSummary summary(String name) {
    return queue.queues().stream()
        .filter(seen -> seen.name().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
