package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.ClaimOrder;
import dev.holdfast.Explanation;
import dev.holdfast.Explanation.Code;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.NodeId;
import dev.holdfast.QueuePause;
import dev.holdfast.QueueSettings;
import dev.holdfast.QueueSettings.Rate;
import dev.holdfast.QueueSummary;
import dev.holdfast.error.ConflictException;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.Signal;
import dev.holdfast.spi.Transition;
import dev.holdfast.spi.record.Move;
import dev.holdfast.spi.record.QueueRecord;
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

/** A chapter of {@link JobStoreContract}: the configuration of queues. */
abstract class StoreContractOfQueues extends StoreFixture {
  @Nested
  @Tag("R-17")
  class The_settings_of_a_queue {
    private static final QueueSettings EVERYTHING =
        QueueSettings.defaults()
            .order(ClaimOrder.FAIR)
            .manual(true)
            .concurrency(7)
            .concurrencyPerGroup(2)
            .rate(new Rate(100, Duration.ofMinutes(1)));

    @Test
    void are_the_defaults_until_they_are_configured() {
      assertThat(queue.queues().settings("unheard-of")).isEqualTo(QueueSettings.defaults());
    }

    @Test
    void are_kept_for_all_who_look() {
      assertThat(queue.queues().configure("letters", any -> EVERYTHING)).isEqualTo(EVERYTHING);

      assertThat(other().queues().settings("letters")).isEqualTo(EVERYTHING);
      assertThat(queue.queues().settings(QUEUE)).isEqualTo(QueueSettings.defaults());
    }

    @Test
    void are_changed_from_what_they_are() {
      queue.queues().configure("letters", any -> EVERYTHING);

      queue.queues().configure("letters", was -> was.concurrency(null).manual(false));

      assertThat(queue.queues().settings("letters"))
          .isEqualTo(EVERYTHING.concurrency(null).manual(false));
    }

    @Test
    void tell_listeners_of_a_change() {
      Set<Signal> heard = ConcurrentHashMap.newKeySet();
      try (JobStore.Subscription listening = subscribe(heard::add)) {
        queue.queues().configure("letters", any -> EVERYTHING);
      }

      assertThat(heard).contains(Signal.QUEUES);
    }

    @Test
    void are_refused_for_a_name_that_no_queue_can_have() {
      assertThatThrownBy(() -> queue.queues().configure(" ", was -> was))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("queue");
    }

    @Test
    void cannot_be_changed_where_the_queue_has_moved_away() {
      store.maintenance().archive().fence(new Move(Move.Direction.GONE, "elsewhere"));

      assertThatThrownBy(() -> queue.queues().configure("letters", any -> EVERYTHING))
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("elsewhere");
      store.maintenance().archive().unfence();
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
      assertThat(queue.queues().pause(QUEUE, "ada")).isTrue();

      assertThat(ids(claim(node, 10))).containsExactly(there);
      assertThat(claim(other(), register("b"), 10)).isEmpty();
      assertThat(job(here).state()).isEqualTo(JobState.PENDING);
      assertThat(store.insights().status().problems())
          .anySatisfy(
              found -> assertThat(found.text()).isEqualTo("queues that are paused: " + QUEUE));
    }

    @Test
    void lets_run_what_runs_and_takes_new_jobs() {
      NodeId node = register("a");
      enqueue(mail());
      Claimed running = claimOne(node);
      queue.queues().pause(QUEUE, "ada");

      acknowledge(running, complete());
      JobId later = enqueue(mail());

      assertThat(claim(node, 10)).isEmpty();
      queue.queues().resume(QUEUE);
      assertThat(ids(claim(node, 10))).containsExactly(later);
    }

    @Test
    void keeps_back_what_returns_to_it() {
      NodeId node = register("a");
      enqueue(mail());
      Claimed running = claimOne(node);
      queue.queues().pause(QUEUE, "ada");

      acknowledge(running, new Transition.Release("back"));

      assertThat(claim(node, 10)).isEmpty();
    }

    @Test
    void goes_on_when_it_is_resumed_by_whomever() {
      NodeId node = register("a");
      List<JobId> all = ids(5);
      assertThat(ids(claim(node, 1))).containsExactly(all.get(0));
      queue.queues().pause(QUEUE, "ada");
      assertThat(claim(node, 10)).isEmpty();
      assertThat(claim(node, 10)).isEmpty();

      assertThat(other().queues().resume(QUEUE)).isTrue();

      time.advance(Duration.ofSeconds(1));
      assertThat(ids(claim(node, 10))).containsExactlyElementsOf(all.subList(1, 5));
      assertThat(queue.queues().resume(QUEUE)).isFalse();
    }

    @Test
    void stays_paused_by_the_first_one() {
      queue.queues().pause(QUEUE, "ada");
      Instant since = time.now();
      time.advance(SECOND);

      assertThat(queue.queues().pause(QUEUE, "bob")).isFalse();

      assertThat(summary(QUEUE).paused()).contains(new QueuePause(since, "ada"));
    }

    @Test
    void tells_listeners_that_it_was_paused() {
      Set<Signal> heard = ConcurrentHashMap.newKeySet();
      try (JobStore.Subscription listening = subscribe(heard::add)) {
        queue.queues().pause(QUEUE, "ada");
      }

      assertThat(heard).contains(Signal.QUEUES);
    }

    @Test
    void wakes_its_nodes_when_it_is_resumed() {
      queue.queues().pause(QUEUE, "ada");
      Set<Signal> heard = ConcurrentHashMap.newKeySet();
      try (JobStore.Subscription listening = subscribe(heard::add)) {
        queue.queues().resume(QUEUE);
      }

      assertThat(heard).contains(Signal.QUEUES, Signal.WORK);
    }

    @Test
    @Tag("R-36")
    void is_the_reason_why_its_jobs_wait() {
      register("a");
      JobId id = enqueue(mail());
      queue.queues().pause(QUEUE, "ada");

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
      queue.queues().configure("letters", any -> fair);
      queue.queues().pause("letters", "ada");

      List<QueueRecord> records = store.maintenance().archive().queues();

      assertThat(records).extracting(QueueRecord::name).containsExactly("letters");
      assertThat(records.get(0).settings()).isEqualTo(fair);
      assertThat(records.get(0).paused()).contains(new QueuePause(time.now(), "ada"));
    }

    @Test
    void are_loaded_where_nothing_was_said_and_obeyed_by_what_waits() {
      QueuePause pause = new QueuePause(time.now(), "ada");
      JobId low = enqueue(mail().on("letters"));
      enqueue(mail().on("letters").priority(9));
      queue.queues().configure(QUEUE, was -> was.concurrency(1));
      QueueSettings fifo = QueueSettings.defaults().order(ClaimOrder.FIFO);

      store
          .maintenance()
          .archive()
          .loadQueues(
              List.of(
                  new QueueRecord("letters", fifo, Optional.of(pause), 0),
                  new QueueRecord(QUEUE, fifo, Optional.empty(), 0)));
      store.queues().reRank(1_000);

      assertThat(summary("letters").paused()).contains(pause);
      assertThat(queue.queues().settings(QUEUE).order()).isEqualTo(ClaimOrder.PRIORITY);
      queue.queues().resume("letters");
      assertThat(ids(claim(register("a"), 1))).containsExactly(low);
    }

    @Test
    void of_types_are_loaded_where_there_are_none_and_obeyed() {
      queue.queues().limitType("a", 2);
      assertThat(store.maintenance().archive().typeLimits()).containsOnly(Map.entry("a", 2));
      for (int i = 0; i < 3; i++) {
        enqueue(NewJob.of("b", i));
      }

      store.maintenance().archive().loadTypeLimits(Map.of("a", 7, "b", 1));

      assertThat(queue.queues().typeLimits()).containsOnly(Map.entry("a", 2), Map.entry("b", 1));
      assertThat(exchange(List.of(), new Claim(register("n"), List.of(), Set.of("b"), 9)).claimed())
          .hasSize(1);
    }

    @Test
    void of_types_replace_all_that_were_there_in_a_copy() {
      queue.queues().limitType("a", 2);
      assertThatThrownBy(() -> store.maintenance().archive().fillTypeLimits(Map.of("b", 1)))
          .isInstanceOf(ConflictException.class);
      store.maintenance().archive().fence(new Move(Move.Direction.COMING, "elsewhere"));

      store.maintenance().archive().fillTypeLimits(Map.of("b", 1));

      store.maintenance().archive().unfence();
      assertThat(queue.queues().typeLimits()).containsOnly(Map.entry("b", 1));
    }

    @Test
    void replace_what_was_said_in_a_copy() {
      queue.queues().configure(QUEUE, was -> was.concurrency(1));
      store.maintenance().archive().fence(new Move(Move.Direction.COMING, "elsewhere"));

      store
          .maintenance()
          .archive()
          .loadQueues(List.of(new QueueRecord(QUEUE, fair, Optional.empty(), 2)));

      store.maintenance().archive().unfence();
      assertThat(queue.queues().settings(QUEUE)).isEqualTo(fair);
    }
  }

  @Nested
  @Tag("R-38")
  class All_queues_at_a_glance {
    @Test
    void are_those_that_have_settings_jobs_or_nodes() {
      assertThat(queue.queues().list()).isEmpty();
      register("a"); // which names two
      enqueue(mail().on("work"));
      queue.queues().configure("kept", settings -> settings);
      queue.queues().pause("kept", "ada");

      assertThat(queue.queues().list())
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

      assertThat(queue.queues().list()).isEmpty();
    }
  }

  private QueueSummary summary(String name) {
    return queue.queues().list().stream()
        .filter(seen -> seen.name().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
