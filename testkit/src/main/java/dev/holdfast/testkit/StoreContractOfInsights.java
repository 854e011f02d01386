package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.NodeId;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.Insights.Bucket;
import dev.holdfast.spi.Insights.Change;
import dev.holdfast.spi.Insights.Changes;
import dev.holdfast.spi.Insights.Depth;
import dev.holdfast.spi.Insights.End;
import dev.holdfast.spi.Insights.OfType;
import dev.holdfast.spi.JobIds;
import dev.holdfast.spi.Transition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A chapter of {@link JobStoreContract}: statistics. */
abstract class StoreContractOfInsights extends StoreFixture {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);

  @Nested
  @Tag("R-38")
  class A_look_at_how_the_queue_does {
    private NodeId node;

    @BeforeEach
    void registerNode() {
      node = register("a");
    }

    private void ran(Duration took, Transition end) {
      JobId unused = enqueue(mail());
      Claimed claimed = claimOne(node);
      time.advance(took);
      acknowledge(claimed, end, took);
    }

    @Test
    void counts_what_has_not_completed_by_state_queue_and_type() {
      Instant first = time.now();
      List<JobId> unused = ids(2);
      time.advance(SECOND);
      enqueue(mail());
      enqueue(NewJob.of("fax", 1).on("letters"));
      enqueue(NewJob.of("fax", 1).in(HOUR));
      JobId cancelled = enqueue(NewJob.of("fax", 1));
      store.cancel(List.of(cancelled), "ops");
      acknowledge(claimOne(node), complete());

      assertThat(store.insights().depths().isWhole()).isTrue();
      assertThat(store.insights().depths().counts())
          .containsExactly(
              new Depth(JobState.CANCELLED, "default", "fax", 1, time.now()),
              new Depth(JobState.PENDING, "default", TYPE, 2, first),
              new Depth(JobState.PENDING, "letters", "fax", 1, time.now()),
              new Depth(JobState.SCHEDULED, "default", "fax", 1, time.now().plus(HOUR)));
    }

    @Test
    void counts_what_became_of_the_jobs_that_ended_in_a_window() {
      ran(SECOND, complete());
      time.advance(HOUR);
      ran(SECOND, complete());
      ran(SECOND, complete());
      ran(SECOND, new Transition.Fail(BOOM));

      assertThat(store.insights().ends(MINUTE).counts())
          .containsExactly(
              new End(JobState.COMPLETED, "default", TYPE, 2, 0, 2, 0),
              new End(JobState.FAILED, "default", TYPE, 1, 0, 1, 0));
      assertThat(store.insights().ends(MINUTE).window().isWhole()).isTrue();
      assertThat(store.insights().ends(MINUTE).window().until()).isEqualTo(time.now());
      assertThat(store.insights().ends(MINUTE).window().since())
          .isEqualTo(time.now().minus(MINUTE));
    }

    @Test
    void tells_how_many_needed_more_than_one_attempt() {
      enqueue(mail());
      acknowledge(claimOne(node), new Transition.Retry(SECOND, BOOM));
      time.advance(SECOND);
      store.promote(10);
      acknowledge(claimOne(node), complete());
      ran(SECOND, complete());

      assertThat(store.insights().ends(MINUTE).counts())
          .containsExactly(new End(JobState.COMPLETED, "default", TYPE, 2, 1, 3, 0));
    }

    @Test
    void forgets_an_end_that_was_undone() {
      JobId id = enqueue(mail());
      acknowledge(claimOne(node), new Transition.Fail(BOOM));
      store.retry(List.of(id), "ops");

      assertThat(store.insights().ends(MINUTE).counts()).isEmpty();
    }

    @Test
    void counts_ends_bucket_by_bucket_those_without_any_too() {
      Instant begin = time.now();
      ran(SECOND, complete());
      time.advance(MINUTE.multipliedBy(2).minus(SECOND));
      ran(SECOND, new Transition.Fail(BOOM));
      store.cancel(List.of(enqueue(mail())), "ops");
      time.advance(MINUTE.minus(SECOND));

      assertThat(store.insights().throughput(MINUTE.multipliedBy(3), MINUTE).buckets())
          .containsExactly(
              new Bucket(begin, 1, 0, 0),
              new Bucket(begin.plus(MINUTE), 0, 0, 0),
              new Bucket(begin.plus(MINUTE.multipliedBy(2)), 0, 1, 1));
    }

    @Test
    void tells_by_type_how_long_the_attempts_took_by_the_nearest_rank() {
      IntStream.rangeClosed(1, 10).forEach(n -> ran(SECOND.multipliedBy(n), complete()));
      ran(SECOND.multipliedBy(100), new Transition.Fail(BOOM));
      store.cancel(List.of(enqueue(mail())), "ops");

      assertThat(store.insights().runTimes(HOUR).types())
          .containsExactly(
              new OfType(
                  TYPE,
                  11,
                  SECOND.multipliedBy(6),
                  SECOND.multipliedBy(10),
                  SECOND.multipliedBy(100),
                  SECOND.multipliedBy(100),
                  SECOND.multipliedBy(100)));
    }

    @Test
    void tells_of_an_empty_queue_nothing() {
      assertThat(store.insights().depths().counts()).isEmpty();
      assertThat(store.insights().ends(HOUR).counts()).isEmpty();
      assertThat(store.insights().runTimes(HOUR).types()).isEmpty();
      assertThat(store.insights().throughput(HOUR, HOUR).buckets())
          .containsExactly(new Bucket(time.now().minus(HOUR), 0, 0, 0));
    }

    @Test
    void shows_the_nodes_as_the_health_does() {
      assertThat(store.nodes().list()).isEqualTo(store.insights().status().nodes());
    }
  }

  @Nested
  @Tag("R-44")
  class A_look_at_what_changed {
    private NodeId node;

    @BeforeEach
    void registerNode() {
      node = register("a");
    }

    private Changes changes(Instant since) {
      return store.insights().changes(since, 10);
    }

    private List<JobState> states(JobId id, Instant since) {
      return changes(since).jobs().stream()
          .filter(change -> change.id().equals(id))
          .map(Change::state)
          .toList();
    }

    @Test
    void tells_of_a_new_job() {
      JobId id = enqueue(mail().group("acme"));

      assertThat(changes(time.now()).jobs())
          .containsExactly(
              new Change(
                  id,
                  "default",
                  TYPE,
                  job(id).group(),
                  JobState.PENDING,
                  0,
                  job(id).token(),
                  time.now()));
      assertThat(changes(time.now()).at()).isEqualTo(time.now());
      assertThat(changes(time.now()).isWhole()).isTrue();
    }

    @Test
    void tells_of_a_begin_and_of_every_kind_of_end() {
      for (JobState state :
          List.of(
              JobState.RUNNING,
              JobState.COMPLETED,
              JobState.FAILED,
              JobState.INTERRUPTED,
              JobState.CANCELLED)) {
        List<JobId> before = ids(11);
        store.cancel(before, "ops");
        time.advance(SECOND.multipliedBy(2));
        JobId id = jobIn(state);

        assertThat(states(id, time.now())).containsExactly(state);
      }
    }

    @Test
    void tells_of_a_retry_and_of_an_operator_of_jobs_that_are_old() {
      JobId old = enqueue(mail());
      time.advance(SECOND);
      List<JobId> newer = ids(11);
      store.cancel(newer, "ops");
      time.advance(SECOND.multipliedBy(2));

      acknowledge(claimOne(node), new Transition.Retry(SECOND, BOOM));
      assertThat(states(old, time.now())).containsExactly(JobState.SCHEDULED);
      time.advance(SECOND);
      store.cancel(List.of(old), "ops");
      assertThat(states(old, time.now())).containsExactly(JobState.CANCELLED);
      time.advance(SECOND);
      store.retry(List.of(old), "ops");
      assertThat(states(old, time.now())).containsExactly(JobState.PENDING);
    }

    @Test
    void omits_earlier_events() {
      JobId id = enqueue(mail());
      time.advance(SECOND);

      assertThat(states(id, time.now())).isEmpty();
    }

    @Test
    void tells_of_nothing_else_once_the_clock_was_set_back() {
      for (Duration step : List.of(Duration.ofHours(-1), Duration.ofDays(-1))) {
        store.cancel(ids(11), "ops");
        time.stepWallClock(step);
        JobId same = enqueue(mail());
        JobId other = enqueue(mail().withId(new JobIds(time, random).next()));

        Changes changes = changes(time.now());
        assertThat(changes.jobs()).extracting(Change::id).containsExactlyInAnyOrder(same, other);
        assertThat(changes.isWhole()).isTrue();
        store.cancel(List.of(same, other), "ops");
      }
    }

    @Test
    void tells_of_a_new_job_behind_those_with_random_ids() {
      for (int i = 0; i < 11; i++) {
        enqueue(mail().withId(new JobId(UUID.randomUUID())));
      }
      time.advance(SECOND);
      JobId id = enqueue(mail());

      assertThat(states(id, time.now())).containsExactly(JobState.PENDING);
      assertThat(changes(time.now()).isWhole()).isTrue();
    }

    @Test
    void says_when_there_was_more() {
      List<JobId> unused = ids(11);

      assertThat(changes(time.now()).jobs()).hasSize(10);
      assertThat(changes(time.now()).isWhole()).isFalse();
      assertThat(changes(time.now().plus(SECOND)).isWhole()).isTrue();
    }
  }
}
