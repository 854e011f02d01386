package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Failure;
import dev.holdfast.Job;
import dev.holdfast.JobEvent;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.NodeId;
import dev.holdfast.PageRequest;
import dev.holdfast.QueueStatus;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.Death;
import dev.holdfast.spi.HandlerOutput;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.Rescue;
import dev.holdfast.spi.Signal;
import dev.holdfast.spi.Situation;
import dev.holdfast.spi.Transition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A chapter of {@link JobStoreContract}: reads of jobs: history, lists, status, situation. */
abstract class StoreContractOfReading extends StoreFixture {
  @Nested
  @Tag("R-03")
  class The_history_of_a_job {
    private NodeId node;

    @BeforeEach
    void registerNode() {
      node = register("a");
    }

    @Test
    void begins_with_its_creation() {
      JobId id = enqueue(mail().in(SECOND).createdBy("ada"));

      assertThat(path(id)).containsExactly(JobState.SCHEDULED);
      assertThat(store.events(id).get(0).at()).isEqualTo(time.now());
      assertThat(store.events(id).get(0).by()).isEqualTo("ada");
    }

    @Test
    void of_an_ordinary_run_has_its_start_and_its_end() {
      JobId id = enqueue(mail());
      Instant created = time.now();
      time.advance(SECOND);
      Claimed claimed = claimOne(node);
      time.advance(SECOND.multipliedBy(2));
      acknowledge(claimed, complete(), SECOND);

      assertThat(path(id)).containsExactly(JobState.PENDING, JobState.RUNNING, JobState.COMPLETED);
      assertThat(store.events(id))
          .extracting(JobEvent::at)
          .containsExactly(created, time.now().minus(SECOND), time.now());
      assertThat(store.events(id)).extracting(JobEvent::attempt).containsExactly(0, 1, 1);
    }

    @Test
    void tells_of_a_start_while_the_job_runs() {
      JobId id = enqueue(mail());
      claimOne(node);

      assertThat(path(id)).containsExactly(JobState.PENDING, JobState.RUNNING);
    }

    @Test
    void tells_every_change_of_a_life_with_many() {
      JobId id = enqueue(mail().in(SECOND));
      time.advance(SECOND);
      store.promote(10);
      time.advance(SECOND);
      acknowledge(claimOne(node), new Transition.Retry(SECOND, BOOM));
      time.advance(SECOND);
      store.promote(10);
      acknowledge(claimOne(node), new Transition.Snooze(SECOND));
      time.advance(SECOND);
      store.promote(10);
      Claimed crashing = claimOne(node);
      time.advance(SECOND);
      store.recovery().rescue(List.of(rescue(crashing, new Transition.Release("gone"), true)), "b");
      acknowledge(claimOne(node), new Transition.Fail(BOOM));
      time.advance(SECOND);
      store.retry(List.of(id), "ops");
      acknowledge(claimOne(node), new Transition.Hold("review"));
      time.advance(SECOND);
      store.retry(List.of(id), "ops");
      time.advance(SECOND);
      acknowledge(claimOne(node), complete());

      assertThat(path(id))
          .containsExactly(
              JobState.SCHEDULED,
              JobState.PENDING,
              JobState.RUNNING,
              JobState.SCHEDULED,
              JobState.PENDING,
              JobState.RUNNING,
              JobState.SCHEDULED,
              JobState.PENDING,
              JobState.RUNNING,
              JobState.PENDING,
              JobState.RUNNING,
              JobState.FAILED,
              JobState.PENDING,
              JobState.RUNNING,
              JobState.INTERRUPTED,
              JobState.PENDING,
              JobState.RUNNING,
              JobState.COMPLETED);
      assertThat(store.events(id)).extracting(JobEvent::at).isSorted();
    }

    @Test
    void keeps_the_failure_of_every_attempt() {
      JobId id = enqueue(mail());
      acknowledge(claimOne(node), new Transition.Retry(SECOND, BOOM));
      time.advance(SECOND);
      store.promote(10);
      Failure second = Failure.of(Failure.Kind.TIMEOUT, "slow");
      acknowledge(claimOne(node), new Transition.Fail(second));

      assertThat(store.events(id).stream().flatMap(event -> event.failure().stream()))
          .containsExactly(BOOM, second);
    }

    @Test
    @Tag("R-31")
    void tells_of_a_release_with_a_reason() {
      JobId id = enqueue(mail());
      acknowledge(claimOne(node), new Transition.Release("its node was stopped"));

      assertThat(path(id)).containsExactly(JobState.PENDING, JobState.RUNNING, JobState.PENDING);
      assertThat(lastEvent(id).why()).isEqualTo("its node was stopped");
    }

    @Test
    void omits_a_lease_that_was_returned_before_its_handler_started() {
      JobId id = enqueue(mail());
      acknowledge(claimOne(node), new Transition.Release(""));

      assertThat(path(id)).containsExactly(JobState.PENDING);
    }

    @Test
    @Tag("R-20")
    void tells_of_the_cancellation_of_a_running_job() {
      JobId id = enqueue(mail());
      claimOne(node);
      time.advance(SECOND);
      store.cancel(List.of(id), "ops");

      assertThat(path(id)).containsExactly(JobState.PENDING, JobState.RUNNING, JobState.CANCELLED);
    }

    @Test
    @Tag("R-02")
    void allows_in_every_state_only_what_the_table_of_states_allows() {
      for (JobState state : reachable()) {
        for (Runnable attack : everyOperationOn(state)) {
          attack.run();
        }
      }
      for (Job job : store.list(JobFilter.all(), PageRequest.first(500))) {
        path(job.id());
      }
    }

    private List<Runnable> everyOperationOn(JobState state) {
      List<Runnable> attacks = new ArrayList<>();
      attacks.add(() -> store.cancel(List.of(jobIn(state)), "x"));
      attacks.add(() -> store.retry(List.of(jobIn(state)), "x"));
      attacks.add(() -> store.move(List.of(jobIn(state)), "x"));
      attacks.add(
          () -> {
            JobId id = jobIn(state);
            time.advance(Duration.ofDays(20));
            store.promote(100);
            exchange(List.of(), new Claim(node, List.of(), Set.of(job(id).type()), 1));
          });
      for (Transition transition : everyTransition()) {
        attacks.add(() -> acknowledgeUnderItsLastToken(jobIn(state), transition));
        if (transition.kind() != Transition.Kind.COMPLETE) {
          attacks.add(() -> rescueUnderItsLastToken(jobIn(state), transition));
        }
      }
      return attacks;
    }

    private void acknowledgeUnderItsLastToken(JobId id, Transition transition) {
      Job before = job(id);
      Lease lease = new Lease(id, before.token(), before.attempt(), node);
      Acknowledgement end =
          new Acknowledgement(lease, transition, SECOND, HandlerOutput.none(lease));
      exchange(List.of(end), claimOf(node, 0));
      if (before.state() != JobState.RUNNING) {
        assertThat(job(id)).isEqualTo(before);
      }
    }

    private void rescueUnderItsLastToken(JobId id, Transition transition) {
      Job before = job(id);
      Lease lease = new Lease(id, before.token(), before.attempt(), node);
      Rescue rescue = Rescue.after(Death.proven(node, "x"), lease, transition, true);
      assertThat(store.recovery().rescue(List.of(rescue), "x"))
          .hasSize(before.state() == JobState.RUNNING ? 1 : 0);
      if (before.state() != JobState.RUNNING) {
        assertThat(job(id)).isEqualTo(before);
      }
    }
  }

  @Nested
  class A_listener {
    private NodeId node;

    @BeforeEach
    void registerNode() {
      node = register("a");
    }

    private final ConcurrentLinkedQueue<Signal> heard = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void listen() {
      subscribe(heard::add);
    }

    @Test
    void is_notified_of_work_that_was_enqueued() {
      enqueue(mail());
      assertThat(heard).contains(Signal.WORK);
    }

    @Test
    void is_notified_of_jobs_that_were_scheduled() {
      enqueue(mail().in(SECOND));
      assertThat(heard).contains(Signal.SCHEDULED).doesNotContain(Signal.WORK);
    }

    @Test
    void is_notified_of_work_that_was_promoted() {
      enqueue(mail().in(SECOND));
      time.advance(SECOND);
      heard.clear();

      store.promote(10);

      assertThat(heard).contains(Signal.WORK);
    }

    @Test
    void is_notified_of_jobs_that_were_released_or_scheduled_again() {
      ids(2);
      List<Claimed> claimed = claim(node, 2);
      heard.clear();

      acknowledge(claimed.get(0), new Transition.Release("stop"));
      assertThat(heard).contains(Signal.WORK);

      acknowledge(claimed.get(1), new Transition.Retry(SECOND, BOOM));
      assertThat(heard).contains(Signal.SCHEDULED);
    }

    @Test
    void is_notified_of_work_that_was_rescued() {
      enqueue(mail());
      Rescue rescue = rescue(claimOne(node), new Transition.Release("gone"), true);
      heard.clear();

      store.recovery().rescue(List.of(rescue), "b");

      assertThat(heard).contains(Signal.WORK);
    }

    @Test
    void is_notified_of_work_that_an_operator_put_back() {
      JobId id = jobIn(JobState.FAILED);
      heard.clear();

      store.retry(List.of(id), "ops");

      assertThat(heard).contains(Signal.WORK);
    }

    @Test
    @Tag("R-20")
    void is_notified_of_running_jobs_that_were_cancelled_and_of_no_others() {
      JobId waiting = enqueue(mail());
      store.cancel(List.of(waiting), "ops");
      assertThat(heard).doesNotContain(Signal.REVOKED);
      JobId running = jobIn(JobState.RUNNING);

      store.cancel(List.of(running), "ops");

      assertThat(heard).contains(Signal.REVOKED);
    }

    @Test
    void sees_what_it_was_notified_of() {
      List<Optional<Job>> seen = new ArrayList<>();
      JobId id = new JobId(new UUID(5, 5));
      subscribe(signal -> seen.add(store.find(id)));

      queue.enqueue(mail().withId(id));

      assertThat(seen).isNotEmpty().allMatch(Optional::isPresent);
    }

    @Test
    void receives_nothing_after_its_subscription_was_closed() {
      List<Signal> late = new ArrayList<>();
      subscribe(late::add).close();

      enqueue(mail());

      assertThat(late).isEmpty();
    }
  }

  @Nested
  class A_list {
    @Test
    @Tag("R-40")
    void goes_from_the_newest_to_the_oldest_page_by_page() {
      List<JobId> ids = ids(5);

      List<Job> first = store.list(JobFilter.all(), PageRequest.first(2));
      List<Job> second = store.list(JobFilter.all(), PageRequest.first(2).after(ids.get(3)));
      List<Job> third = store.list(JobFilter.all(), PageRequest.first(2).after(ids.get(1)));

      assertThat(first).extracting(Job::id).containsExactly(ids.get(4), ids.get(3));
      assertThat(second).extracting(Job::id).containsExactly(ids.get(2), ids.get(1));
      assertThat(third).extracting(Job::id).containsExactly(ids.get(0));
    }

    @Test
    @Tag("R-43")
    void shows_what_satisfies_every_part_of_its_filter() {
      JobId wanted = enqueue(mail().on("q").group("g"));
      JobId otherQueue = enqueue(mail().group("g"));
      JobId otherGroup = enqueue(mail().on("q"));
      JobId otherType = enqueue(NewJob.of("print", 1).on("q").group("g"));
      JobId cancelled = enqueue(mail().on("q").group("g"));
      store.cancel(List.of(cancelled), "ops");

      assertThat(found(JobFilter.all()))
          .containsExactly(cancelled, otherType, otherGroup, otherQueue, wanted);
      assertThat(found(JobFilter.in(JobState.PENDING).queue("q").type(TYPE).group("g")))
          .containsExactly(wanted);
      assertThat(found(JobFilter.in(JobState.CANCELLED, JobState.FAILED)))
          .containsExactly(cancelled);
      assertThat(found(JobFilter.ids(List.of(wanted, otherType, new JobId(new UUID(1, 1))))))
          .containsExactly(otherType, wanted);
      assertThat(found(JobFilter.all().queue("none"))).isEmpty();
    }

    @Test
    void of_one_nodes_leases_shows_no_others() {
      NodeId a = register("a");
      NodeId b = register("b");
      ids(3);
      List<Claimed> ofA = claim(a, 2);
      List<Claimed> ofB = claim(b, 1);

      assertThat(store.nodes().held(a))
          .containsExactlyInAnyOrderElementsOf(ofA.stream().map(Claimed::lease).toList());
      assertThat(store.nodes().held(b)).containsExactly(ofB.get(0).lease());
      assertThat(store.nodes().held(register("c"))).isEmpty();
    }

    @Test
    void of_groups_knows_the_last_with_a_prefix() {
      enqueue(mail().group("run-2026-01-02"));
      enqueue(mail().group("run-2026-01-10"));
      enqueue(mail().group("run-2026-01-09"));
      enqueue(mail().group("runs"));
      enqueue(mail().group("other"));
      enqueue(mail());

      assertThat(store.lookup().lastGroup("run-")).contains("run-2026-01-10");
      assertThat(store.lookup().lastGroup("none")).isEmpty();
      assertThat(store.lookup().lastGroup("run_")).isEmpty();
      assertThat(store.lookup().lastGroup("run%")).isEmpty();
    }

    private List<JobId> found(JobFilter filter) {
      return store.list(filter, PageRequest.first(100)).stream().map(Job::id).toList();
    }
  }

  @Nested
  @Tag("R-37")
  class The_status {
    @Test
    void of_an_empty_queue_shows_every_state_with_zero() {
      QueueStatus status = store.insights().status();

      assertThat(status.counts()).hasSize(JobState.values().length);
      assertThat(status.counts().values()).containsOnly(0L);
      assertThat(status.oldestPending()).isEmpty();
      assertThat(status.newest()).isEmpty();
      assertThat(status.active()).isEmpty();
      assertThat(status.nodes()).isEmpty();
      assertThat(status.database().kind()).isNotBlank();
    }

    @Test
    void counts_jobs_by_state() {
      for (JobState state : reachable()) {
        jobIn(state);
      }
      jobIn(JobState.FAILED);

      Map<JobState, Long> counts = store.insights().status().counts();

      for (JobState state : reachable()) {
        boolean isAnotherThere = state == JobState.FAILED || state == JobState.SCHEDULED;
        assertThat(counts).containsEntry(state, isAnotherThere ? 2L : 1L); // what BLOCKED waits for
      }
    }

    @Test
    void names_the_oldest_runnable_and_the_newest_job() {
      JobId urgent = enqueue(mail().priority(100));
      time.advance(SECOND);
      JobId oldest = enqueue(mail());
      time.advance(SECOND);
      enqueue(mail().priority(50));
      time.advance(SECOND);
      JobId newest = enqueue(mail().in(SECOND));
      claimOne(register("a"));

      assertThat(job(urgent).state()).isEqualTo(JobState.RUNNING);
      assertThat(store.insights().status().oldestPending()).contains(job(oldest));
      assertThat(store.insights().status().newest()).contains(job(newest));
    }

    @Test
    void counts_as_stuck_what_has_run_for_more_than_half_an_hour() {
      JobId id = jobIn(JobState.RUNNING);
      time.advance(Duration.ofMinutes(30));
      assertThat(store.insights().status().stuck()).isZero();

      time.advance(SECOND);

      assertThat(store.insights().status().stuck()).isEqualTo(1);
      assertThat(store.insights().status().active()).containsExactly(job(id));
    }

    @Test
    void shows_twenty_active_jobs_at_the_most() {
      ids(25);
      claim(register("a"), 25);

      assertThat(store.insights().status().active())
          .hasSize(20)
          .allMatch(job -> job.state() == JobState.RUNNING);
    }

    @Test
    void counts_as_orphaned_what_runs_under_a_node_that_does_not_live() {
      NodeId node = register("a");
      ids(2);
      claim(node, 1);
      claim(new NodeId(new UUID(9, 9)), 1);
      assertThat(store.insights().status().orphaned()).isEqualTo(1);

      time.advance(LEASE.plusMillis(1));

      assertThat(store.insights().status().orphaned()).isEqualTo(2);
    }
  }

  @Nested
  @Tag("R-36")
  class The_situation_of_a_job {
    @Test
    void tells_the_job_the_nodes_and_how_many_are_before_it() {
      NodeId node = register("a");
      ids(3);
      JobId last = enqueue(mail());
      JobId urgent = enqueue(mail().priority(9));
      enqueue(mail().on("letters"));

      Situation situation = store.insights().situation(last).orElseThrow();

      assertThat(situation.now()).isEqualTo(time.now());
      assertThat(situation.job()).isEqualTo(job(last));
      assertThat(situation.ahead()).isEqualTo(4);
      assertThat(situation.nodes()).isEqualTo(store.insights().status().nodes());
      assertThat(situation.nodes().get(0).id()).isEqualTo(node);
      assertThat(store.insights().situation(urgent).orElseThrow().ahead()).isZero();
    }

    @Test
    void tells_how_many_jobs_a_node_holds_and_which_one_holds_this() {
      NodeId node = register("a");
      JobId id = enqueue(mail());
      enqueue(mail());
      claim(node, 2);

      Situation situation = store.insights().situation(id).orElseThrow();

      assertThat(situation.holder().map(QueueStatus.Node::held)).contains(2L);
      assertThat(situation.ahead()).isZero();
    }

    @Test
    void of_an_unknown_job_is_none() {
      assertThat(store.insights().situation(new JobId(new UUID(1, 2)))).isEmpty();
    }
  }

  @Nested
  @Tag("R-61")
  class An_examination {
    @Test
    void of_a_healthy_store_finds_nothing() {
      NodeId node = register("a");
      enqueue(mail());
      claimOne(node);
      reachable().stream().filter(state -> state != JobState.RUNNING).forEach(this::make);

      assertThat(store.maintenance().examine()).isEmpty();
    }

    private void make(JobState state) {
      assertThat(job(jobIn(state)).state()).isEqualTo(state);
    }
  }

  @Nested
  @Tag("R-37")
  class Counts_by_state {
    private static final int READS = 300;

    @Test
    void show_each_job_once_while_it_goes_from_state_to_state() {
      NodeId node = register("a");
      enqueue(mail());
      AtomicBoolean isRead = new AtomicBoolean();
      CompletableFuture<Void> changes =
          CompletableFuture.runAsync(
              () -> {
                while (!isRead.get()) {
                  acknowledge(claimOne(node), new Transition.Release("turn"));
                }
              });

      for (int read = 0; read < READS && !changes.isDone(); read++) {
        assertThat(store.insights().status().counts()).containsEntry(JobState.COMPLETED, 0L);
      }
      isRead.set(true);
      changes.join();
    }
  }
}
