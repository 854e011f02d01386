package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.Explanation.Code;
import dev.holdfast.Explanation.Reason;
import dev.holdfast.Failure;
import dev.holdfast.Job;
import dev.holdfast.JobEvent;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.NodeId;
import dev.holdfast.OnSignalTimeout;
import dev.holdfast.SignalWait;
import dev.holdfast.error.ConflictException;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.error.NotFoundException;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.Promotion;
import dev.holdfast.spi.Signal;
import dev.holdfast.spi.Transition;
import dev.holdfast.spi.record.JobRecord;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A chapter of {@link JobStoreContract}: jobs and handlers that wait for a signal from outside. */
abstract class StoreContractOfSignals extends StoreFixture {
  @Nested
  @Tag("R-57")
  class A_job_that_waits_for_a_signal {
    private final NodeId node = new NodeId(new UUID(9, 9));

    private NewJob waiting() {
      return mail().untilSignal("go", SECOND);
    }

    private NewJob impatient() {
      return mail().untilSignal("go", SECOND, OnSignalTimeout.RUN);
    }

    @Test
    void goes_on_when_that_is_sent() {
      JobId id = enqueue(waiting());
      assertThat(job(id).state()).isEqualTo(JobState.BLOCKED);
      assertThat(queue.explain(id).reasons())
          .extracting(Reason::code)
          .containsExactly(Code.WAITS_FOR_SIGNAL);
      assertThat(store.maintenance().examine()).isEmpty();

      assertThat(queue.signal(id, "other", 1, "ada")).isTrue();
      assertThat(job(id).state()).isEqualTo(JobState.BLOCKED);
      assertThat(queue.signal(id, "go", List.of("yes"), "ada")).isTrue();

      assertThat(store.signal(id, "go")).contains("[\"yes\"]");
      assertThat(ids(claim(node, 9))).containsExactly(id);
      assertThat(path(id)).containsExactly(JobState.BLOCKED, JobState.PENDING, JobState.RUNNING);
      assertThat(store.events(id).get(1).why()).isEqualTo("signal 'go' was sent by ada");
      time.advance(SECOND.multipliedBy(5));
      assertThat(store.promote(10)).isEqualTo(new Promotion(0, Optional.empty()));
    }

    @Test
    void takes_the_first_of_a_name() {
      JobId id = enqueue(waiting());

      assertThat(queue.signal(id, "go", 1, "ada")).isTrue();
      assertThat(queue.signal(id, "go", 2, "bob")).isFalse();

      assertThat(store.signal(id, "go")).contains("1");
      assertThat(store.signal(id, "none")).isEmpty();
    }

    @Test
    void fails_when_its_time_is_over_and_so_do_those_behind_it() {
      JobId id = enqueue(waiting());
      JobId behind = enqueue(mail().after(id));
      assertThat(store.promote(10)).isEqualTo(new Promotion(0, Optional.of(SECOND)));

      time.advance(SECOND);
      store.promote(10);

      Job job = job(id);
      assertThat(job.state()).isEqualTo(JobState.FAILED);
      assertThat(job.failure().orElseThrow().kind()).isEqualTo(Failure.Kind.SIGNAL);
      assertThat(job.failure().orElseThrow().message())
          .isEqualTo("signal 'go' did not come in time");
      assertThat(job.finishedAt()).contains(time.now());
      assertThat(path(id)).containsExactly(JobState.BLOCKED, JobState.FAILED);
      assertThat(job(behind).state()).isEqualTo(JobState.CANCELLED);
      assertThatThrownBy(() -> queue.signal(id, "go", 1, "ada"))
          .isInstanceOf(ConflictException.class);
      store.retry(List.of(id), "ada");
      assertThat(ids(claim(node, 9))).containsExactly(id);
    }

    @Test
    void runs_anyway_if_that_was_asked() {
      JobId id = enqueue(impatient());

      time.advance(SECOND);
      store.promote(10);

      assertThat(ids(claim(node, 9))).containsExactly(id);
      assertThat(store.signal(id, "go")).isEmpty();
      assertThat(queue.signal(id, "go", 1, "ada")).as("late, but its handler may ask").isTrue();
      assertThat(store.promote(10)).isEqualTo(new Promotion(0, Optional.empty()));
    }

    @Test
    void may_wait_for_another_job_as_well() {
      JobId first = enqueue(mail());
      JobId second = enqueue(waiting().after(first));
      JobId third = enqueue(waiting().after(first));

      queue.signal(second, "go", 1, "ada");
      assertThat(job(second).state()).isEqualTo(JobState.BLOCKED);
      acknowledge(claimOne(node), complete());

      assertThat(job(second).state()).isEqualTo(JobState.PENDING);
      assertThat(job(third).state()).isEqualTo(JobState.BLOCKED);
      assertThat(store.maintenance().examine()).isEmpty();
      queue.signal(third, "go", 1, "ada");
      assertThat(ids(claim(node, 9))).containsExactlyInAnyOrder(second, third);
    }

    @Test
    void is_over_in_its_time_though_the_clock_was_set_back() {
      JobId id = enqueue(waiting());
      store.promote(10);

      time.stepWallClock(Duration.ofDays(-1));
      assertThat(store.promote(10).promoted()).isZero();
      time.advance(SECOND);
      store.promote(10);

      assertThat(job(id).state()).isEqualTo(JobState.FAILED);
    }

    @Test
    void that_was_cancelled_is_not_failed_later() {
      JobId id = enqueue(waiting());
      store.cancel(List.of(id), "ada");

      time.advance(SECOND);
      store.promote(10);

      assertThat(job(id).state()).isEqualTo(JobState.CANCELLED);
      assertThat(path(id)).containsExactly(JobState.BLOCKED, JobState.CANCELLED);
      assertThat(store.promote(10)).isEqualTo(new Promotion(0, Optional.empty()));
    }

    @Test
    void is_refused_a_signal_that_cannot_be() {
      JobId id = enqueue(waiting());

      assertThatThrownBy(() -> queue.signal(new JobId(new UUID(4, 4)), "go", 1, "ada"))
          .isInstanceOf(NotFoundException.class);
      assertThatThrownBy(() -> queue.signal(id, " ", 1, "ada"))
          .isInstanceOf(InvalidRequestException.class);
      assertThatThrownBy(() -> mail().untilSignal("go", Duration.ZERO))
          .isInstanceOf(InvalidRequestException.class);
    }

    @Test
    @Tag("R-55")
    void is_the_same_where_it_is_moved() {
      JobId sent = enqueue(impatient());
      queue.signal(sent, "go", null, "ada");
      JobId open = enqueue(impatient());
      List<JobRecord> records = store.maintenance().archive().records(sent, open);
      store.delete(List.of(sent, open));

      store.maintenance().archive().load(records, "ada", "moved");

      assertThat(store.maintenance().archive().records(sent, open)).isEqualTo(records);
      queue.signal(open, "go", 1, "ada");
      assertThat(ids(claim(node, 9))).containsExactly(sent, open);
    }

    @Test
    void goes_on_once_when_signal_and_time_come_at_once() {
      JobStore handle = other();
      for (int round = 0; round < 10; round++) {
        JobId id = enqueue(impatient());
        time.advance(SECOND);

        atOnce(
            List.<Callable<Boolean>>of(
                () -> queue.signal(id, "go", 1, "ada"), () -> handle.promote(10).promoted() > 0));

        assertThat(path(id)).containsExactly(JobState.BLOCKED, JobState.PENDING);
        store.cancel(List.of(id), "test");
      }
    }
  }

  @Nested
  @Tag("R-57")
  class A_handler_that_asks_for_a_signal {
    private NodeId node;

    @BeforeEach
    void registerNode() {
      node = register("a");
    }

    private void ask(Claimed running, OnSignalTimeout ifLate) {
      acknowledge(running, new Transition.Await(new SignalWait("go", SECOND, ifLate)));
    }

    private void ask(Claimed running) {
      ask(running, OnSignalTimeout.FAIL);
    }

    @Test
    void gives_its_attempt_back_and_is_run_again_when_that_is_sent() {
      JobId id = enqueue(mail());
      Claimed first = claimOne(node);
      ask(first);

      Job blocked = job(id);
      assertThat(blocked.state()).isEqualTo(JobState.BLOCKED);
      assertThat(blocked.attempt()).isZero();
      assertThat(blocked.holder()).isEmpty();
      assertThat(blocked.startedAt()).isEmpty();
      assertThat(queue.explain(id).reasons())
          .extracting(Reason::code)
          .containsExactly(Code.WAITS_FOR_SIGNAL);
      assertThat(store.maintenance().examine()).isEmpty();
      assertThat(claim(node, 9)).isEmpty();
      assertThat(store.promote(10)).isEqualTo(new Promotion(0, Optional.of(SECOND)));

      assertThat(queue.signal(id, "go", List.of("yes"), "ada")).isTrue();

      assertThat(store.signal(id, "go")).contains("[\"yes\"]");
      Claimed second = claimOne(node);
      assertThat(second.lease().attempt()).isEqualTo(1);
      assertThat(second.lease().token()).isGreaterThan(first.lease().token());
      assertThat(path(id))
          .containsExactly(
              JobState.PENDING,
              JobState.RUNNING,
              JobState.BLOCKED,
              JobState.PENDING,
              JobState.RUNNING);
      List<JobEvent> events = store.events(id);
      assertThat(events.get(2).why()).isEqualTo("asked for signal 'go'");
      assertThat(events.get(2).attempt()).isEqualTo(1);
      assertThat(events.get(3).why()).isEqualTo("signal 'go' was sent by ada");
      assertThat(store.promote(10)).isEqualTo(new Promotion(0, Optional.empty()));
    }

    @Test
    void goes_on_at_once_if_that_was_sent_before() {
      JobId id = enqueue(mail());
      Claimed running = claimOne(node);
      queue.signal(id, "go", 1, "ada");

      ask(running);

      assertThat(job(id).state()).isEqualTo(JobState.PENDING);
      assertThat(store.events(id).get(3).why()).isEqualTo("signal 'go' had been sent");
      assertThat(path(id))
          .containsExactly(JobState.PENDING, JobState.RUNNING, JobState.BLOCKED, JobState.PENDING);
      assertThat(store.signal(id, "go")).contains("1");
      assertThat(ids(claim(node, 9))).containsExactly(id);
      assertThat(store.promote(10)).isEqualTo(new Promotion(0, Optional.empty()));
    }

    @Test
    void fails_its_job_when_the_time_is_over_and_may_ask_again_after_a_retry() {
      JobId id = enqueue(mail());
      JobId behind = enqueue(mail().after(id));
      ask(claimOne(node));
      time.advance(SECOND);
      store.promote(10);

      assertThat(job(id).state()).isEqualTo(JobState.FAILED);
      assertThat(job(id).failure().orElseThrow().kind()).isEqualTo(Failure.Kind.SIGNAL);
      assertThat(job(behind).state()).isEqualTo(JobState.CANCELLED);
      store.retry(List.of(id), "ada");
      ask(claimOne(node));

      assertThat(job(id).state()).isEqualTo(JobState.BLOCKED);
      assertThat(store.promote(10)).isEqualTo(new Promotion(0, Optional.of(SECOND)));
      queue.signal(id, "go", 1, "ada");
      assertThat(ids(claim(node, 9))).containsExactly(id);
    }

    @Test
    void tells_listeners_that_its_time_may_be_the_next_that_is_over() {
      enqueue(mail());
      Claimed running = claimOne(node);
      Set<Signal> heard = ConcurrentHashMap.newKeySet();
      try (JobStore.Subscription listening = subscribe(heard::add)) {
        ask(running);
      }

      assertThat(heard).contains(Signal.SCHEDULED);
    }

    @Test
    void is_run_without_if_it_wants_and_may_ask_again() {
      JobId id = enqueue(mail());
      ask(claimOne(node), OnSignalTimeout.RUN);
      time.advance(SECOND);
      store.promote(10);

      Claimed without = claimOne(node);
      assertThat(store.signal(id, "go")).isEmpty();
      ask(without, OnSignalTimeout.RUN);

      assertThat(job(id).state()).isEqualTo(JobState.BLOCKED);
      assertThat(job(id).attempt()).isZero();
      queue.signal(id, "go", 1, "ada");
      assertThat(ids(claim(node, 9))).containsExactly(id);
    }

    @Test
    void frees_the_permit_of_a_limit() {
      store.queues().configure("default", settings -> settings.concurrency(1));
      JobId id = enqueue(mail());
      JobId next = enqueue(mail());
      ask(claimOne(node));

      assertThat(ids(claim(node, 9))).containsExactly(next);
      queue.signal(id, "go", 1, "ada");
      assertThat(claim(node, 9)).as("one runs").isEmpty();
    }

    @Test
    void is_waited_for_by_those_that_come_after_its_job() {
      JobId id = enqueue(mail());
      JobId behind = enqueue(mail().after(id));
      ask(claimOne(node));
      assertThat(job(behind).state()).isEqualTo(JobState.BLOCKED);
      assertThat(store.maintenance().examine()).isEmpty();

      queue.signal(id, "go", 1, "ada");
      acknowledge(claimOne(node), complete());

      assertThat(ids(claim(node, 9))).containsExactly(behind);
    }

    @Test
    void waits_no_more_when_its_job_is_cancelled_and_put_back() {
      JobId id = enqueue(mail());
      ask(claimOne(node));
      store.cancel(List.of(id), "ada");
      store.retry(List.of(id), "ada");
      assertThat(store.promote(10)).isEqualTo(new Promotion(0, Optional.empty()));

      assertThat(ids(claim(node, 9))).containsExactly(id);
    }

    @Test
    @Tag("R-55")
    void is_the_same_where_it_is_moved() {
      JobId id = enqueue(mail());
      ask(claimOne(node));
      List<JobRecord> records = store.maintenance().archive().records(id, id);
      store.delete(List.of(id));

      store.maintenance().archive().load(records, "ada", "moved");

      assertThat(store.maintenance().archive().records(id, id)).isEqualTo(records);
      queue.signal(id, "go", 1, "ada");
      assertThat(ids(claim(node, 9))).containsExactly(id);
    }

    @Test
    @Tag("R-12")
    void loses_no_signal_that_comes_while_it_asks() {
      for (int round = 0; round < 10; round++) {
        JobId id = enqueue(mail());
        Claimed running = claimOne(node);

        atOnce(
            List.<Callable<Boolean>>of(
                () -> queue.signal(id, "go", 1, "ada"),
                () -> {
                  ask(running);
                  return true;
                }));

        assertThat(ids(claim(node, 9))).containsExactly(id);
        store.cancel(List.of(id), "test");
      }
    }
  }
}
