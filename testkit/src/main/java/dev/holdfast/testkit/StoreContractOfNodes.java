package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.Failure;
import dev.holdfast.Job;
import dev.holdfast.JobEvent;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NodeCommand;
import dev.holdfast.NodeId;
import dev.holdfast.NodePhase;
import dev.holdfast.QueueStatus;
import dev.holdfast.QueueStatus.Liveness;
import dev.holdfast.RecoveryPolicy;
import dev.holdfast.Vitals;
import dev.holdfast.error.ConflictException;
import dev.holdfast.error.StaleLeaseException;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.Death;
import dev.holdfast.spi.Exchange;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.NodeSeen;
import dev.holdfast.spi.Orphan;
import dev.holdfast.spi.Presence;
import dev.holdfast.spi.Rescue;
import dev.holdfast.spi.RunningJob;
import dev.holdfast.spi.Signal;
import dev.holdfast.spi.Transition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A chapter of {@link JobStoreContract}: nodes, their lives and deaths, and the recovery of their
 * jobs.
 */
abstract class StoreContractOfNodes extends StoreFixture {
  @Nested
  @Tag("R-27")
  class A_node {
    private NodeId node;

    @BeforeEach
    void registerNode() {
      node = register("a");
    }

    @Test
    void is_seen_with_its_lease_running() {
      NodeSeen seen = seen(node);

      assertThat(seen.lapsed()).isFalse();
      assertThat(store.insights().status().nodes())
          .containsExactly(
              new QueueStatus.Node(
                  node,
                  "a",
                  "host-a",
                  4711,
                  "test",
                  NodePhase.STARTING,
                  NodeCommand.RUN,
                  SERVES.queues(),
                  Set.of(TYPE),
                  SERVES.capabilities(),
                  7,
                  0,
                  time.now(),
                  time.now(),
                  Liveness.ACTIVE,
                  Vitals.none()));
    }

    @Test
    void that_sends_no_heartbeat_lapses_when_its_lease_has_run_out() {
      time.advance(LEASE.minusMillis(1));
      assertThat(seen(node).lapsed()).isFalse();
      time.advance(Duration.ofMillis(2));

      assertThat(seen(node).lapsed()).isTrue();
      assertThat(store.insights().status().nodes().get(0).alive()).isFalse();
    }

    @Test
    void is_judged_by_its_silence_alone_once_the_clock_was_set_back() {
      time.stepWallClock(Duration.ofHours(-1));
      assertThat(seen(node).lapsed()).isTrue();

      beat(node);
      assertThat(seen(node).lapsed()).isFalse();
      time.advance(LEASE.plusMillis(1));
      assertThat(seen(node).lapsed()).isTrue();
    }

    @Test
    void renews_its_lease_and_counts_with_each_heartbeat() {
      long before = seen(node).heartbeats();
      Instant start = time.now();
      time.advance(LEASE.minusMillis(1));

      beat(node);

      time.advance(LEASE.minusMillis(1));
      assertThat(seen(node).lapsed()).isFalse();
      assertThat(seen(node).heartbeats()).isGreaterThan(before);
      QueueStatus.Node shown = store.insights().status().nodes().get(0);
      assertThat(shown.phase()).isEqualTo(NodePhase.RUNNING);
      assertThat(shown.startedAt()).isEqualTo(start);
      assertThat(shown.heartbeatAt()).isEqualTo(start.plus(LEASE.minusMillis(1)));
    }

    @Test
    void that_was_deregistered_is_not_seen_any_more() {
      store.nodes().deregister(node);

      assertThat(store.nodes().seen()).isEmpty();
      assertThat(store.insights().status().nodes()).isEmpty();
    }

    @Test
    void that_was_taken_for_dead_lives_again_with_its_next_heartbeat() {
      store.nodes().deregister(node);

      beat(node);

      assertThat(seen(node).lapsed()).isFalse();
    }

    @Test
    void that_lives_or_has_ended_cleanly_is_not_proven_dead() {
      NodeId ended = register("b");
      Presence presence = presences.remove(presences.size() - 1);
      presence.close();
      store.nodes().deregister(ended);

      assertThat(store.recovery().deaths()).isEmpty();
      assertThat(other().recovery().deaths()).isEmpty();
    }
  }

  @Nested
  @Tag("R-28")
  class A_dead_node {
    private NodeId node;

    @BeforeEach
    void registerNode() {
      node = register("a");
    }

    @Test
    void is_proven_dead_without_waiting_for_its_lease() {
      die(node);

      assertThat(other().recovery().deaths()).extracting(Death::node).containsExactly(node);
      assertThat(other().recovery().deaths().get(0).cause()).isNotBlank();
    }

    @Test
    void is_not_reported_any_more_when_it_was_deregistered() {
      die(node);
      JobStore other = other();
      assertThat(other.recovery().deaths()).hasSize(1);

      other.nodes().deregister(node);

      assertThat(other.recovery().deaths()).isEmpty();
    }

    @Test
    @Tag("R-32")
    void leaves_orphans_of_which_only_those_with_a_running_handler_had_begun() {
      List<JobId> ids = ids(3);
      List<Claimed> claimed = claim(node, 3);
      presence().begins(0, ids.get(0));
      presence().begins(1, ids.get(1));
      presence().ends(1);
      die(node);
      JobStore other = other();

      List<Orphan> orphans = other.recovery().orphans(other.recovery().deaths(), 10);

      String cause = other.recovery().deaths().get(0).cause();
      assertThat(orphans)
          .containsExactlyInAnyOrder(
              orphan(claimed.get(0), true, cause),
              orphan(claimed.get(1), false, cause),
              orphan(claimed.get(2), false, cause));
    }

    @Test
    void leaves_as_many_orphans_as_were_asked_for() {
      ids(5);
      claim(node, 5);
      die(node);
      JobStore other = other();

      assertThat(other.recovery().orphans(other.recovery().deaths(), 2)).hasSize(2);
      assertThat(other.recovery().orphans(List.of(), 2)).isEmpty();
    }

    @Test
    void leaves_no_orphans_of_others() {
      NodeId living = register("b");
      ids(2);
      claim(living, 2);
      die(node);
      JobStore other = other();

      assertThat(other.recovery().orphans(other.recovery().deaths(), 10)).isEmpty();
    }

    @Test
    void known_by_its_lease_alone_leaves_orphans_too() {
      JobId id = enqueue(mail());
      Claimed claimed = claimOne(node);
      presence().begins(0, id);

      List<Orphan> orphans = store.recovery().orphans(List.of(Death.proven(node, "silent")), 10);

      assertThat(orphans).containsExactly(orphan(claimed, true, "silent"));
    }

    private Presence presence() {
      return presences.get(0);
    }
  }

  @Nested
  @Tag("R-23")
  class A_remote_node {
    private NodeId far;

    @BeforeEach
    void registerNode() {
      far = registerRemote("far");
    }

    @Test
    void is_not_proven_dead_by_the_death_of_the_process_through_which_it_spoke() {
      NodeId near = register("a");
      die(near);

      assertThat(other().recovery().deaths()).extracting(Death::node).containsExactly(near);
    }

    @Test
    void goes_on_with_its_heartbeats_through_another_process() {
      JobId id = enqueue(mail());
      Claimed claimed = claimOne(far);
      die(register("a"));
      JobStore other = other();

      other.nodes().heartbeat(far, LEASE, NodePhase.RUNNING, Vitals.none());
      Exchange exchange =
          other.exchange(
              List.of(end(claimed, new Transition.Complete(Optional.empty()))), claimOf(far, 1));

      assertThat(exchange.stale()).isEmpty();
      assertThat(other.find(id)).map(Job::state).contains(JobState.COMPLETED);
    }

    @Test
    void lapses_when_its_lease_has_run_out() {
      assertThat(seen(far).lapsed()).isFalse();

      time.advance(LEASE.plusMillis(1));

      assertThat(seen(far).lapsed()).isTrue();
      assertThat(store.recovery().deaths()).isEmpty();
    }

    @Test
    void leaves_orphans_of_which_all_count_as_running() {
      ids(2);
      List<Claimed> claimed = claim(far, 2);

      List<Orphan> orphans = store.recovery().orphans(List.of(Death.proven(far, "silent")), 10);

      assertThat(orphans)
          .containsExactlyInAnyOrder(
              orphan(claimed.get(0), true, "silent"), orphan(claimed.get(1), true, "silent"));
    }
  }

  @Nested
  @Tag("R-28")
  class A_stray {
    @Test
    void runs_under_a_node_that_was_never_known() {
      enqueue(mail());
      Claimed claimed = claimOne(new NodeId(new UUID(9, 9)));

      List<Orphan> strays = store.recovery().strays(10);

      assertThat(strays).extracting(Orphan::lease).containsExactly(claimed.lease());
      assertThat(strays.get(0).began()).isFalse();
    }

    @Test
    void runs_under_a_node_that_has_ended() {
      NodeId node = register("a");
      enqueue(mail());
      Claimed claimed = claimOne(node);
      assertThat(store.recovery().strays(10)).isEmpty();

      store.nodes().deregister(node);

      assertThat(store.recovery().strays(10))
          .extracting(Orphan::lease)
          .containsExactly(claimed.lease());
      beat(node);
      assertThat(store.recovery().strays(10)).isEmpty();
    }

    @Test
    void comes_with_at_most_so_many_others() {
      ids(5);
      claim(new NodeId(new UUID(9, 9)), 5);

      assertThat(store.recovery().strays(3)).hasSize(3);
    }
  }

  @Nested
  @Tag("R-32")
  class A_rescue {
    private NodeId node;

    @BeforeEach
    void registerNode() {
      node = register("a");
    }

    @Test
    void puts_the_job_back_without_using_up_an_attempt() {
      JobId id = enqueue(mail());
      Claimed claimed = claimOne(node);
      time.advance(SECOND);

      List<Lease> rescued =
          store
              .recovery()
              .rescue(List.of(rescue(claimed, new Transition.Release("gone"), true)), "b");

      Job job = job(id);
      assertThat(rescued).containsExactly(claimed.lease());
      assertThat(job.state()).isEqualTo(JobState.PENDING);
      assertThat(job.attempt()).isZero();
      assertThat(job.crashes()).isEqualTo(1);
      assertThat(job.token()).isGreaterThan(claimed.lease().token());
      assertThat(job.holder()).isEmpty();
      assertThat(job.startedAt()).isEmpty();
      assertThat(job.updatedAt()).isEqualTo(time.now());
      assertThat(claimOne(register("b")).crashes()).isEqualTo(1);
    }

    @Test
    void of_a_job_that_only_waited_counts_no_crash() {
      JobId id = enqueue(mail());

      store
          .recovery()
          .rescue(List.of(rescue(claimOne(node), new Transition.Release("gone"), false)), "b");

      assertThat(job(id).crashes()).isZero();
    }

    @Test
    void may_set_the_job_aside() {
      JobId id = enqueue(mail());
      Claimed claimed = claimOne(node);

      store.recovery().rescue(List.of(rescue(claimed, new Transition.Hold("gone"), true)), "b");

      assertThat(job(id).state()).isEqualTo(JobState.INTERRUPTED);
      assertThat(job(id).interruptedAt()).contains(time.now());
      assertThat(job(id).crashes()).isEqualTo(1);
      assertThat(job(id).token()).isGreaterThan(claimed.lease().token());
    }

    @Test
    void may_fail_the_job() {
      JobId id = enqueue(mail());
      Failure failure = Failure.of(Failure.Kind.CRASH_LOOP, "three times");

      store
          .recovery()
          .rescue(List.of(rescue(claimOne(node), new Transition.Fail(failure), true)), "b");

      assertThat(job(id).state()).isEqualTo(JobState.FAILED);
      assertThat(job(id).failure()).contains(failure);
      assertThat(job(id).finishedAt()).contains(time.now());
      assertThat(job(id).attempt()).isEqualTo(1);
    }

    @Test
    void by_a_second_rescuer_changes_nothing() {
      JobId id = enqueue(mail());
      Rescue rescue = rescue(claimOne(node), new Transition.Release("gone"), true);
      store.recovery().rescue(List.of(rescue), "b");
      Job before = job(id);

      assertThat(other().recovery().rescue(List.of(rescue), "c")).isEmpty();

      assertThat(job(id)).isEqualTo(before);
    }

    @Test
    @Tag("R-33")
    void of_a_node_that_has_come_back_changes_nothing() {
      enqueue(mail());
      Claimed claimed = claimOne(node);
      Death judged = Death.lapsed(node, "silent", store.nodes().seen().get(0).heartbeats());
      beat(node);

      Rescue late = Rescue.after(judged, claimed.lease(), new Transition.Release("silent"), true);
      assertThat(other().recovery().rescue(List.of(late), "b")).isEmpty();
      store.recovery().deregister(judged);

      assertThat(job(claimed.lease().job()).state()).isEqualTo(JobState.RUNNING);
      assertThat(store.nodes().seen()).extracting(NodeSeen::id).containsExactly(node);
    }

    @Test
    @Tag("R-33")
    void of_a_node_that_has_not_come_back_takes_its_jobs() {
      enqueue(mail());
      Claimed claimed = claimOne(node);
      Death judged = Death.lapsed(node, "silent", store.nodes().seen().get(0).heartbeats());

      Rescue rescue = Rescue.after(judged, claimed.lease(), new Transition.Release("silent"), true);
      assertThat(other().recovery().rescue(List.of(rescue), "b")).hasSize(1);
      store.recovery().deregister(judged);

      assertThat(job(claimed.lease().job()).state()).isEqualTo(JobState.PENDING);
      assertThat(store.nodes().seen()).isEmpty();
    }

    @Test
    void that_comes_after_the_holders_end_changes_nothing() {
      JobId id = enqueue(mail());
      Claimed claimed = claimOne(node);
      acknowledge(claimed, complete());
      Job before = job(id);

      assertThat(
              store
                  .recovery()
                  .rescue(List.of(rescue(claimed, new Transition.Release("gone"), true)), "b"))
          .isEmpty();

      assertThat(job(id)).isEqualTo(before);
    }

    @Test
    void leaves_an_event_with_the_rescuer_and_the_reason() {
      JobId id = enqueue(mail());

      store
          .recovery()
          .rescue(List.of(rescue(claimOne(node), new Transition.Release("gone"), true)), "b");

      JobEvent last = lastEvent(id);
      assertThat(last.from()).contains(JobState.RUNNING);
      assertThat(last.to()).isEqualTo(JobState.PENDING);
      assertThat(last.by()).isEqualTo("b");
      assertThat(last.why()).isEqualTo("gone");
      assertThat(last.attempt()).isEqualTo(1);
    }
  }

  @Nested
  @Tag("R-28")
  class The_policy_of_a_dead_node {
    @Test
    void on_what_becomes_of_its_jobs_comes_with_each_orphan() {
      NodeId node = register("a");
      enqueue(mail());
      claimOne(node);

      List<Orphan> orphans = store.recovery().orphans(List.of(Death.proven(node, "gone")), 10);

      assertThat(orphans)
          .extracting(Orphan::said)
          .containsExactly(new Orphan.Said(Optional.of(RecoveryPolicy.HOLD), RULES, LEASE));
    }

    @Test
    void is_not_known_of_a_node_that_never_registered() {
      NodeId unknown = new NodeId(new UUID(9, 9));
      enqueue(mail());
      claimOne(unknown);

      assertThat(store.recovery().strays(10))
          .extracting(Orphan::said)
          .containsExactly(Orphan.Said.nothing());
    }
  }

  @Nested
  @Tag("R-29")
  class A_rescue_without_a_judgement {
    private NodeId living;

    @BeforeEach
    void registerNode() {
      living = register("a");
    }

    @Test
    void takes_the_job_from_a_living_node_and_fences_it_off() {
      JobId id = enqueue(mail());
      Claimed claimed = claimOne(living);

      List<Lease> rescued = store.recovery().rescue(List.of(byHand(claimed)), "ada");

      assertThat(rescued).containsExactly(claimed.lease());
      assertThat(job(id).state()).isEqualTo(JobState.PENDING);
      assertThat(job(id).crashes()).isZero();
      assertThat(exchange(List.of(end(claimed, complete())), claimOf(living, 0)).stale())
          .containsExactly(claimed.lease());
      assertThat(lastEvent(id).by()).isEqualTo("ada");
      assertThat(lastEvent(id).why()).isEqualTo("too long");
    }

    @Test
    void tells_the_holder() {
      List<Signal> heard = new ArrayList<>();
      enqueue(mail());
      Claimed claimed = claimOne(living);

      try (JobStore.Subscription subscription = subscribe(heard::add)) {
        store.recovery().rescue(List.of(byHand(claimed)), "ada");
      }

      assertThat(heard).contains(Signal.REVOKED);
    }

    private Rescue byHand(Claimed claimed) {
      return Rescue.regardless(
          claimed.lease(), new Transition.Release("too long"), false, "too long");
    }
  }

  @Nested
  @Tag("R-29")
  class Running_jobs {
    private NodeId node;

    @BeforeEach
    void registerNode() {
      node = register("a");
    }

    @Test
    void are_found_by_how_long_they_run_the_longest_first() {
      JobId first = enqueue(mail().timeout(SECOND));
      claimOne(node);
      time.advance(SECOND.multipliedBy(10));
      beat(node);
      JobId second = enqueue(mail());
      Claimed claimed = claimOne(node);
      time.advance(SECOND);

      assertThat(running(Duration.ZERO, JobFilter.all()))
          .extracting(job -> job.lease().job())
          .containsExactly(first, second);
      assertThat(running(SECOND.multipliedBy(11), JobFilter.all())).hasSize(1);
      assertThat(running(SECOND.multipliedBy(12), JobFilter.all())).isEmpty();
      assertThat(store.recovery().running(SECOND, JobFilter.all(), 10).get(1))
          .isEqualTo(new RunningJob(claimed.lease(), TYPE, 0, 4, SECOND, Optional.empty(), true));
      assertThat(store.recovery().running(SECOND, JobFilter.all(), 10).get(0).timeout())
          .contains(SECOND);
    }

    @Test
    void are_found_by_queue_type_group_and_id() {
      JobId one = enqueue(mail().on("letters").group("g1"));
      JobId two = enqueue(mail().group("g2"));
      claim(node, 2);

      assertThat(running(Duration.ZERO, JobFilter.all().queue("letters"))).hasSize(1);
      assertThat(running(Duration.ZERO, JobFilter.all().type("other"))).isEmpty();
      assertThat(running(Duration.ZERO, JobFilter.all().group("g2")))
          .extracting(job -> job.lease().job())
          .containsExactly(two);
      assertThat(running(Duration.ZERO, JobFilter.ids(List.of(one))))
          .extracting(job -> job.lease().job())
          .containsExactly(one);
    }

    @Test
    void come_with_at_most_so_many_others() {
      ids(5);
      claim(node, 5);

      assertThat(store.recovery().running(Duration.ZERO, JobFilter.all(), 3)).hasSize(3);
    }

    @Test
    void tell_whether_their_node_lives() {
      enqueue(mail());
      claimOne(node);
      time.advance(LEASE.plusMillis(1));

      assertThat(running(Duration.ZERO, JobFilter.all()))
          .extracting(RunningJob::live)
          .containsExactly(false);
      beat(node);
      assertThat(running(Duration.ZERO, JobFilter.all()))
          .extracting(RunningJob::live)
          .containsExactly(true);
    }

    private List<RunningJob> running(Duration atLeast, JobFilter filter) {
      return store.recovery().running(atLeast, filter, 10);
    }
  }

  @Nested
  @Tag("R-21")
  class A_checkpoint {
    private NodeId node;

    @BeforeEach
    void registerNode() {
      node = register("a");
    }

    @Test
    void is_there_for_the_next_attempt() {
      JobId id = enqueue(mail());
      Claimed first = claimOne(node);
      store.checkpoint(first.lease(), "page", Optional.of("7"));
      store.checkpoint(first.lease(), "page", Optional.of("8"));
      store.checkpoint(first.lease(), "files", Optional.of("[1]"));

      store.recovery().rescue(List.of(rescue(first, new Transition.Release("gone"), true)), "b");

      assertThat(other().checkpoints(id)).isEqualTo(Map.of("page", "8", "files", "[1]"));
    }

    @Test
    void under_a_lease_that_has_ended_is_refused_and_changes_nothing() {
      JobId id = enqueue(mail());
      Claimed old = claimOne(node);
      store.checkpoint(old.lease(), "page", Optional.of("7"));
      store.recovery().rescue(List.of(rescue(old, new Transition.Release("gone"), true)), "b");
      Claimed fresh = claimOne(node);

      assertThatThrownBy(() -> store.checkpoint(old.lease(), "page", Optional.of("8")))
          .isInstanceOf(StaleLeaseException.class);
      assertThatThrownBy(() -> store.checkpoint(old.lease(), "page", Optional.empty()))
          .isInstanceOf(StaleLeaseException.class);

      assertThat(store.checkpoints(id)).isEqualTo(Map.of("page", "7"));
      store.checkpoint(fresh.lease(), "page", Optional.of("9"));
      assertThat(store.checkpoints(id)).isEqualTo(Map.of("page", "9"));
    }

    @Test
    void can_be_removed() {
      JobId id = enqueue(mail());
      Claimed claimed = claimOne(node);
      store.checkpoint(claimed.lease(), "page", Optional.of("7"));

      store.checkpoint(claimed.lease(), "page", Optional.empty());

      assertThat(store.checkpoints(id)).isEmpty();
    }

    @Test
    void is_gone_with_its_job() {
      JobId id = enqueue(mail());
      Claimed claimed = claimOne(node);
      store.checkpoint(claimed.lease(), "page", Optional.of("7"));
      acknowledge(claimed, complete());

      store.delete(List.of(id));

      assertThat(store.checkpoints(id)).isEmpty();
    }

    @Test
    void of_an_unknown_job_is_none() {
      assertThat(store.checkpoints(new JobId(new UUID(1, 2)))).isEmpty();
    }
  }

  @Nested
  @Tag("R-17")
  class A_command {
    private NodeId a;
    private NodeId b;

    @BeforeEach
    void registerNodes() {
      a = register("a");
      b = register("b");
    }

    @Test
    void reaches_every_living_node_with_its_next_heartbeat() {
      assertThat(beat(a)).isEqualTo(NodeCommand.RUN);

      assertThat(other().nodes().command(NodeCommand.DRAIN, List.of()))
          .containsExactlyInAnyOrder(a, b);

      assertThat(beat(a)).isEqualTo(NodeCommand.DRAIN);
      assertThat(beat(b)).isEqualTo(NodeCommand.DRAIN);
      assertThat(store.insights().status().nodes())
          .extracting(QueueStatus.Node::command)
          .containsOnly(NodeCommand.DRAIN);
    }

    @Test
    void may_be_for_some_nodes_only() {
      assertThat(store.nodes().command(NodeCommand.DRAIN, List.of(b, new NodeId(new UUID(3, 3)))))
          .containsExactly(b);

      assertThat(beat(a)).isEqualTo(NodeCommand.RUN);
      assertThat(beat(b)).isEqualTo(NodeCommand.DRAIN);
    }

    @Test
    void rings() {
      List<Signal> heard = new ArrayList<>();
      try (JobStore.Subscription subscription = subscribe(heard::add)) {
        store.nodes().command(NodeCommand.DRAIN, List.of());
      }

      assertThat(heard).contains(Signal.ORDERED);
    }

    @Test
    void is_not_for_nodes_that_have_ended() {
      store.nodes().deregister(b);

      assertThat(store.nodes().command(NodeCommand.DRAIN, List.of())).containsExactly(a);
    }
  }

  @Nested
  @Tag("R-27")
  class Vital_signs {
    @Test
    void are_shown_as_they_were_given() {
      NodeId node = register("a");
      Vitals.Duty duty =
          new Vitals.Duty("recovery", Optional.of(time.now()), Optional.of("no disk"), 3);
      Vitals vitals = new Vitals(2, 1, 7, List.of(duty), Map.of("stale", 4L));

      store.nodes().heartbeat(node, LEASE, NodePhase.DRAINING, vitals);

      QueueStatus.Node shown = store.insights().status().nodes().get(0);
      assertThat(shown.vitals()).isEqualTo(vitals);
      assertThat(shown.vitals().isDegraded()).isTrue();
      assertThat(shown.vitals().count(Vitals.Counter.STALE)).isEqualTo(4);
    }

    @Test
    void tell_with_the_heartbeats_whether_a_node_is_active_stale_or_dead() {
      register("a");

      assertThat(liveness()).isEqualTo(Liveness.ACTIVE);
      time.advance(LEASE.multipliedBy(2).dividedBy(3).plusMillis(1));
      assertThat(liveness()).isEqualTo(Liveness.STALE);
      time.advance(LEASE.dividedBy(3));
      assertThat(liveness()).isEqualTo(Liveness.DEAD);
    }

    @Test
    void of_a_node_whose_row_is_gone_are_refused() {
      assertThatThrownBy(() -> beat(new NodeId(new UUID(5, 5))))
          .isInstanceOf(ConflictException.class);
    }

    private Liveness liveness() {
      return store.insights().status().nodes().get(0).liveness();
    }
  }
}
