package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Dependency;
import dev.holdfast.Enqueued;
import dev.holdfast.JobEvent;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue.Changed;
import dev.holdfast.JobState;
import dev.holdfast.NodeCommand;
import dev.holdfast.NodeId;
import dev.holdfast.NodePhase;
import dev.holdfast.OnPredecessorFailure;
import dev.holdfast.OnSignalTimeout;
import dev.holdfast.Retention;
import dev.holdfast.SignalWait;
import dev.holdfast.Vitals;
import dev.holdfast.Waits;
import dev.holdfast.search.Scope;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.Death;
import dev.holdfast.spi.Exchange;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.NodeSeen;
import dev.holdfast.spi.Orphan;
import dev.holdfast.spi.Rescue;
import dev.holdfast.spi.Sweep;
import dev.holdfast.spi.Transition;
import dev.holdfast.spi.record.JobDraft;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Stores that break the promise on purpose: the simulation counts only because it catches every one
 * of them.
 */
@Tag("slow")
final class MutantsTest {
  private static final int SEEDS = 1_000;

  @Test
  void a_store_that_ignores_the_token_is_caught() {
    assertCaught(
        "one result",
        store ->
            new StoreDecorator(store) {
              @Override
              public Exchange exchange(List<Acknowledgement> ends, Claim claim) {
                return behind.exchange(ends.stream().map(this::underNewestToken).toList(), claim);
              }

              private Acknowledgement underNewestToken(Acknowledgement end) {
                long token = find(end.lease().job()).map(job -> job.token()).orElse(0L);
                return under(end, token);
              }
            });
  }

  @Test
  void a_store_that_takes_the_living_for_dead_is_caught() {
    assertCaught(
        "one holder",
        store ->
            new StoreDecorator(store) {
              @Override
              public List<Death> deaths() {
                return nodes().seen().stream()
                    .map(node -> Death.proven(node.id(), "slander"))
                    .toList();
              }
            });
  }

  @Test
  void a_store_that_believes_the_wall_clock_alone_is_caught() {
    assertCaught(
        "one holder",
        store ->
            new StoreDecorator(store) {
              @Override
              public List<Death> deaths() {
                return behind.nodes().seen().stream()
                    .filter(NodeSeen::lapsed)
                    .map(node -> Death.proven(node.id(), "lapsed"))
                    .toList();
              }
            });
  }

  @Test
  void a_store_that_applies_an_end_twice_is_caught() {
    assertCaught(
        "",
        store ->
            new StoreDecorator(store) {
              @Override
              public Exchange exchange(List<Acknowledgement> ends, Claim claim) {
                Exchange exchange = behind.exchange(ends, claim);
                ends.stream()
                    .filter(end -> end.transition().kind() == Transition.Kind.FAIL)
                    .forEach(end -> behind.retry(List.of(end.lease().job()), "again"));
                return exchange;
              }
            });
  }

  @Test
  void a_store_that_says_accepted_and_forgets_is_caught() {
    assertCaught(
        "",
        store ->
            new StoreDecorator(store) {
              @Override
              public Exchange exchange(List<Acknowledgement> ends, Claim claim) {
                return behind.exchange(ends.stream().skip(ends.size() / 2).toList(), claim);
              }
            });
  }

  @Test
  void a_store_that_accepts_stale_ends_silently_is_caught() {
    assertCaught(
        "one result",
        store ->
            new StoreDecorator(store) {
              @Override
              public Exchange exchange(List<Acknowledgement> ends, Claim claim) {
                return new Exchange(behind.exchange(ends, claim).claimed(), List.of());
              }
            });
  }

  @Test
  void a_store_that_refuses_valid_leases_is_caught() {
    assertCaught(
        "valid leases count",
        store ->
            new StoreDecorator(store) {
              @Override
              public Exchange exchange(List<Acknowledgement> ends, Claim claim) {
                List<Acknowledgement> wrong = ends.stream().map(end -> under(end, -1)).toList();
                Exchange exchange = behind.exchange(wrong, claim);
                return new Exchange(
                    exchange.claimed(), ends.stream().map(Acknowledgement::lease).toList());
              }
            });
  }

  @Test
  void a_store_that_gives_a_job_to_two_is_caught() {
    assertCaught(
        "one holder",
        store ->
            new StoreDecorator(store) {
              @Override
              public Exchange exchange(List<Acknowledgement> ends, Claim claim) {
                Exchange exchange = behind.exchange(ends, claim);
                List<Claimed> twice = new ArrayList<>(exchange.claimed());
                exchange.claimed().stream().limit(1).forEach(twice::add);
                return new Exchange(twice, exchange.stale());
              }
            });
  }

  @Test
  void a_store_that_runs_jobs_before_their_time_is_caught() {
    assertCaught(
        "nothing before its time",
        store ->
            new StoreDecorator(store) {
              @Override
              public List<Enqueued> enqueue(List<JobDraft> jobs) {
                return behind.enqueue(jobs.stream().map(MutantsTest::atOnce).toList());
              }
            });
  }

  @Test
  void a_store_that_loses_a_job_of_a_batch_is_caught() {
    assertCaught(
        "nothing is lost",
        store ->
            new StoreDecorator(store) {
              @Override
              public List<Enqueued> enqueue(List<JobDraft> jobs) {
                List<Enqueued> answers =
                    new ArrayList<>(behind.enqueue(jobs.subList(1, jobs.size())));
                answers.add(0, new Enqueued(jobs.get(0).id(), false));
                return answers;
              }
            });
  }

  @Test
  void a_store_that_forgets_keys_is_caught() {
    assertCaught(
        "idempotency",
        store ->
            new StoreDecorator(store) {
              @Override
              public List<Enqueued> enqueue(List<JobDraft> jobs) {
                return behind.enqueue(jobs.stream().map(MutantsTest::withoutKey).toList());
              }
            });
  }

  @Test
  void a_store_that_drops_an_event_is_caught() {
    assertCaught(
        "no gap in the history",
        store ->
            new StoreDecorator(store) {
              @Override
              public List<JobEvent> events(JobId id) {
                return behind.events(id).stream()
                    .filter(event -> event.to() != JobState.SCHEDULED)
                    .toList();
              }
            });
  }

  @Test
  void a_store_that_hides_the_dead_is_caught() {
    assertCaught(
        "nothing is stuck",
        store ->
            new StoreDecorator(store) {
              @Override
              public List<Orphan> orphans(
                  Collection<Death> deaths, Optional<JobId> after, int limit) {
                return List.of();
              }

              @Override
              public List<Orphan> strays(Optional<JobId> after, int limit) {
                return List.of();
              }
            });
  }

  @Test
  void a_store_that_charges_every_orphan_with_a_crash_is_caught() {
    assertCaught(
        "fair crashes",
        store ->
            new StoreDecorator(store) {
              @Override
              public List<Orphan> orphans(
                  Collection<Death> deaths, Optional<JobId> after, int limit) {
                return behind.recovery().orphans(deaths, after, limit).stream()
                    .map(orphan -> orphan.began(true))
                    .toList();
              }
            });
  }

  @Test
  void a_store_that_charges_no_crash_is_caught() {
    assertCaught(
        "fair crashes",
        store ->
            new StoreDecorator(store) {
              @Override
              public List<Orphan> orphans(
                  Collection<Death> deaths, Optional<JobId> after, int limit) {
                return behind.recovery().orphans(deaths, after, limit).stream()
                    .map(orphan -> orphan.began(false))
                    .toList();
              }
            });
  }

  @Test
  void a_store_that_charges_a_lapse_as_a_crash_is_caught() {
    assertCaught(
        "attempts count",
        store ->
            new StoreDecorator(store) {
              @Override
              public List<Lease> rescue(List<Rescue> rescues, String by) {
                return behind.recovery().rescue(rescues.stream().map(this::asCrash).toList(), by);
              }

              private Rescue asCrash(Rescue rescue) {
                return rescue.isLapse()
                    ? Rescue.regardless(rescue.lease(), rescue.transition(), true, rescue.why())
                    : rescue;
              }
            });
  }

  @Test
  void a_store_that_rescues_without_a_fence_is_caught() {
    assertCaught(
        "fenced rescues",
        store ->
            new StoreDecorator(store) {
              @Override
              public List<Lease> rescue(List<Rescue> rescues, String by) {
                behind.recovery().rescue(rescues, by);
                return rescues.stream().map(Rescue::lease).toList();
              }
            });
  }

  @Test
  void a_store_that_forgets_a_checkpoint_is_caught() {
    assertCaught(
        "checkpoints last",
        store ->
            new StoreDecorator(store) {
              private int saves;

              @Override
              public void checkpoint(Lease lease, String name, Optional<String> state) {
                if (saves++ % 5 != 0) {
                  behind.checkpoint(lease, name, state);
                }
              }
            });
  }

  @Test
  void a_store_that_saves_without_a_fence_is_caught() {
    assertCaught(
        "fenced checkpoints",
        store ->
            new StoreDecorator(store) {
              @Override
              public void checkpoint(Lease lease, String name, Optional<String> state) {
                Optional<Lease> holder =
                    find(lease.job())
                        .flatMap(
                            job ->
                                job.holder()
                                    .map(
                                        by ->
                                            new Lease(
                                                job.id(), job.token(), job.attempt(), by.node())));
                behind.checkpoint(holder.orElse(lease), name, state);
              }
            });
  }

  @Test
  void a_store_that_resumes_what_was_not_held_is_caught() {
    assertCaught(
        "resumes",
        store ->
            new StoreDecorator(store) {
              @Override
              public List<Changed> resume(List<JobId> ids, String by) {
                List<Changed> changes = new ArrayList<>(behind.resume(ids, by));
                changes.replaceAll(
                    change ->
                        new Changed(
                            change.id(),
                            change.before(),
                            behind.retry(List.of(change.id()), by).get(0).done()));
                return changes;
              }
            });
  }

  @Test
  void a_store_that_sweeps_what_is_young_is_caught() {
    assertCaught(
        "nothing is lost",
        store ->
            new StoreDecorator(store) {
              @Override
              public Sweep sweep(Retention retention, Optional<JobId> from, int limit) {
                return behind.maintenance().sweep(Retention.finished(Duration.ZERO), from, limit);
              }
            });
  }

  @Test
  void a_store_that_says_deleted_and_keeps_the_job_is_caught() {
    assertCaught(
        "removals last",
        store ->
            new StoreDecorator(store) {
              @Override
              public List<Changed> delete(List<JobId> ids, String by, Scope counted) {
                return ids.stream()
                    .map(
                        id ->
                            new Changed(id, find(id).map(job -> job.state()), find(id).isPresent()))
                    .toList();
              }
            });
  }

  @Test
  void a_store_that_never_lifts_a_drain_is_caught() {
    assertCaught(
        "nothing is stuck",
        store ->
            new StoreDecorator(store) {
              @Override
              public NodeCommand heartbeat(
                  NodeId node, Duration lease, NodePhase phase, Vitals vitals) {
                behind.nodes().heartbeat(node, lease, phase, vitals);
                return NodeCommand.DRAIN;
              }
            });
  }

  @Test
  void a_store_that_tells_a_living_job_to_have_run_for_too_long_is_caught() {
    assertCaught(
        "one holder",
        store ->
            new StoreDecorator(store) {
              @Override
              public List<Death> deaths() {
                return behind.recovery().running(Duration.ofSeconds(3), JobFilter.all(), 1).stream()
                    .map(job -> Death.proven(job.lease().node(), "its job is slow"))
                    .toList();
              }
            });
  }

  @Test
  void a_store_that_lets_dependents_go_early_is_caught() {
    assertCaught(
        "nothing before its predecessors",
        store -> withWaits(store, waits -> new Waits(skipLast(waits.jobs()), waits.signal())));
  }

  @Test
  void a_store_that_forgets_to_let_dependents_go_is_caught() {
    SignalWait never = new SignalWait("never", Duration.ofDays(1), OnSignalTimeout.FAIL);

    assertCaught("nothing is stuck", store -> withWaits(store, waits -> waits.and(never)));
  }

  @Test
  void a_store_that_runs_what_a_failure_should_cancel_is_caught() {
    assertCaught(
        "nothing after a failure that cancels",
        store -> withWaits(store, waits -> all(waits, OnPredecessorFailure.RUN)));
  }

  @Test
  void a_store_that_cancels_what_was_to_run_anyway_is_caught() {
    assertCaught(
        "states", store -> withWaits(store, waits -> all(waits, OnPredecessorFailure.CANCEL)));
  }

  private static JobStore withWaits(JobStore store, UnaryOperator<Waits> otherwise) {
    return new StoreDecorator(store) {
      @Override
      public List<Enqueued> enqueue(List<JobDraft> jobs) {
        return behind.enqueue(
            jobs.stream()
                .map(job -> job.waits().isNone() ? job : job.waits(otherwise.apply(job.waits())))
                .toList());
      }
    };
  }

  private static List<Dependency> skipLast(List<Dependency> jobs) {
    return jobs.subList(0, jobs.size() - 1);
  }

  private static Waits all(Waits waits, OnPredecessorFailure ifFailed) {
    return Waits.none().and(ifFailed, waits.jobs().stream().map(Dependency::on).toList());
  }

  /** Some seed shows that this store breaks {@code promise}. */
  private static void assertCaught(String promise, UnaryOperator<JobStore> mutant) {
    for (long seed = 1; seed <= SEEDS; seed++) {
      try (Simulation simulation = new Simulation(seed, mutant)) {
        if (simulation.run().stream().anyMatch(violation -> violation.startsWith(promise))) {
          return;
        }
      }
    }
    assertThat(false).as("%d seeds did not notice the mutant", SEEDS).isTrue();
  }

  private static Acknowledgement under(Acknowledgement end, long token) {
    Lease lease = end.lease();
    return new Acknowledgement(
        new Lease(lease.job(), token, lease.attempt(), lease.node()),
        end.transition(),
        end.ran(),
        end.notes());
  }

  private static JobDraft atOnce(JobDraft job) {
    return copy(job, Optional.empty(), Optional.empty(), job.key());
  }

  private static JobDraft withoutKey(JobDraft job) {
    return copy(job, job.runAt(), job.delay(), Optional.empty());
  }

  private static JobDraft copy(
      JobDraft job, Optional<Instant> runAt, Optional<Duration> delay, Optional<String> key) {
    return new JobDraft(
        job.id(),
        job.queue(),
        job.type(),
        job.payload(),
        job.payloadVersion(),
        job.priority(),
        runAt,
        delay,
        job.maxAttempts(),
        job.timeout(),
        key,
        job.keyKept(),
        job.group(),
        job.tags(),
        job.metadata(),
        job.requires(),
        job.createdBy(),
        job.waits());
  }
}
