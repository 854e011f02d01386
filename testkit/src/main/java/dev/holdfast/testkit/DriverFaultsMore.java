package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.BulkAction;
import dev.holdfast.BulkOperation;
import dev.holdfast.BulkRequest;
import dev.holdfast.Failure;
import dev.holdfast.Fingerprint;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.PageRequest;
import dev.holdfast.Schedule;
import dev.holdfast.error.ConflictException;
import dev.holdfast.search.FailureQuery;
import dev.holdfast.search.Scope;
import dev.holdfast.series.SeriesQuery;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.StepStore;
import dev.holdfast.spi.server.AlertRule;
import dev.holdfast.spi.server.AuditRecord;
import dev.holdfast.spi.server.LeaseKey;
import dev.holdfast.spi.server.NewToken;
import dev.holdfast.spi.server.Role;
import dev.holdfast.spi.server.TokenStore;
import dev.holdfast.step.StepKind;
import dev.holdfast.testkit.DriverFaultsScenarios.Scenario.Attempt;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Transactions next to the hot path: those of operators, of a server, and reads. */
final class DriverFaultsMore {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final StoreFixture fixture;
  private int round;

  DriverFaultsMore(StoreFixture fixture) {
    this.fixture = fixture;
  }

  private JobStore store() {
    return fixture.store;
  }

  private String name() {
    return "m" + round++;
  }

  private void cancel(JobId id) {
    store().cancel(List.of(id), "test");
  }

  Attempt bulkOperation() {
    JobId id = fixture.jobIn(JobState.FAILED);
    BulkRequest retry =
        BulkRequest.of(BulkAction.RETRY, JobFilter.in(JobState.FAILED).named(List.of(id)));
    UUID own = new UUID(fixture.random.nextLong(), fixture.random.nextLong());
    UUID other = new UUID(fixture.random.nextLong(), fixture.random.nextLong());
    return new Attempt(
        () -> {
          for (UUID one : List.of(own, other)) {
            if (store().bulkOperations().find(one).isEmpty()) {
              store().bulkOperations().start(one, retry, "ops");
            }
          }
          store().bulkOperations().cancel(other);
          for (boolean goesOn = true; goesOn; ) {
            goesOn = store().bulkOperations().advance(10);
          }
          store().bulkOperations().indexFields(10);
          store().bulkOperations().change(retry, List.of(id), "ops");
        },
        () -> {
          assertThat(fixture.job(id).state()).isEqualTo(JobState.PENDING);
          assertThat(store().bulkOperations().list(2)).hasSize(2);
          assertThat(store().bulkOperations().find(own).orElseThrow().state())
              .isEqualTo(BulkOperation.State.DONE);
          cancel(id);
        });
  }

  Attempt step() {
    Lease lease = fixture.claimAny(fixture.enqueue(NewJob.of(name(), 1))).lease();
    StepStore.Finished step =
        new StepStore.Finished("s", StepKind.WORK, Optional.of("1"), Duration.ZERO);
    return new Attempt(
        () -> {
          if (store().steps().of(lease.job()).steps().isEmpty()) {
            store().steps().finish(lease, step);
          }
        },
        () -> {
          assertThat(store().steps().of(lease.job()).steps()).hasSize(1);
          cancel(lease.job());
          store().steps().retryFrom(lease.job(), "s", "ops");
          assertThat(store().steps().of(lease.job()).steps()).isEmpty();
          cancel(lease.job());
        });
  }

  Attempt tokens() {
    String name = name();
    TokenStore tokens = store().server().tokens();
    String hash = "%064d".formatted(round);
    return new Attempt(
        () -> {
          try {
            tokens.create(new NewToken(name, hash, Role.ADMIN, Scope.all(), Optional.empty(), "a"));
          } catch (ConflictException repeated) {
            assertThat(tokens.find(hash)).isPresent();
          }
          tokens.used(name);
          tokens.endSession("session-" + name, MINUTE);
          tokens.revoke(name);
        },
        () -> {
          assertThat(tokens.find(hash).orElseThrow().valid()).isFalse();
          assertThat(tokens.find(hash).orElseThrow().lastUsedAt()).isPresent();
          assertThat(tokens.list()).anyMatch(token -> token.name().equals(name));
          assertThat(tokens.isSessionEnded("session-" + name)).isTrue();
        });
  }

  Attempt server() {
    String name = name();
    LeaseKey key =
        new LeaseKey(
            "%012d".formatted(round), "ab".repeat(32), fixture.time.now(), Optional.empty());
    AlertRule rule =
        new AlertRule(
            name, AlertRule.Kind.QUEUE_AGE, Optional.empty(), Optional.empty(), MINUTE, 1, 1);
    return new Attempt(
        () -> {
          store().server().leaseKeys().rotate(key, Duration.ZERO, MINUTE);
          store().server().audit().add(new AuditRecord.Action("ops", name, List.of(), 1, 200));
          store().server().alerts().put(rule, "ops");
          store().server().alerts().watch(Duration.ofSeconds(1));
        },
        () -> {
          assertThat(store().server().leaseKeys().list()).isNotEmpty();
          assertThat(store().server().audit().newest(Optional.empty(), 10))
              .anyMatch(record -> record.action().what().equals(name));
          assertThat(store().server().alerts().list())
              .anyMatch(alert -> alert.rule().name().equals(name));
          assertThat(store().server().alerts().remove(name)).isTrue();
        });
  }

  Attempt mutedFailures() {
    JobId id = fixture.jobIn(JobState.FAILED);
    Fingerprint fingerprint = Fingerprint.of("mail", Failure.of(Failure.Kind.ERROR, name()));
    return new Attempt(
        () -> {
          store().insights().failures().fill(100);
          store().insights().failures().mute(fingerprint, Optional.empty(), "ops");
        },
        () -> {
          assertThat(store().insights().failures().unmute(fingerprint)).isTrue();
          assertThat(store().insights().failures().list(FailureQuery.first(10)).groups())
              .isNotEmpty();
          store().delete(List.of(id));
        });
  }

  Attempt readsOfOperators() {
    JobId id = fixture.jobIn(JobState.RUNNING);
    Instant now = fixture.time.now().truncatedTo(ChronoUnit.MINUTES);
    Lease lease = new Lease(id, 1, 1, fixture.job(id).holder().orElseThrow().node());
    return new Attempt(
        () -> {
          store().lookup().endOf(lease);
          store().lookup().keyOwner(Optional.empty(), "t", "k");
          store().lookup().predecessors(id, 0, 10);
          store().lookup().dependents(id, PageRequest.first(5));
          store().lookup().lastGroup("g");
          store().signal(id, "s");
          store().search(JobFilter.all(), PageRequest.first(5));
          store().nodes().registration(lease.node());
          store().nodes().held(lease.node(), List.of(id));
          store().recovery().deaths();
          store().recovery().orphans(List.of(), Optional.empty(), 10);
          store().recovery().strays(Optional.empty(), 10);
          store().recovery().recoveries(Optional.empty(), 10);
          store().recovery().lapses(Optional.empty(), 10);
          store().recovery().settle(List.of());
          store().recovery().running(Duration.ZERO, JobFilter.all(), 10);
          store().recovery().hasUnsettled();
          store().insights().facets(JobFilter.all());
          store().insights().depths();
          store().insights().ends(MINUTE);
          store().insights().throughput(MINUTE, Duration.ofSeconds(10));
          store().insights().runTimes(MINUTE);
          store().insights().changes(now, 10);
          store().insights().failures().find(new Fingerprint(1));
          store().insights().failures().jobs(new Fingerprint(1), 10);
          store()
              .insights()
              .timeSeries()
              .read(SeriesQuery.between(now.minus(MINUTE), now, fixture.time.now()));
          store().insights().timeSeries().recent(5);
          store().maintenance().checkReady();
          store().maintenance().examine();
          store().maintenance().archive().stamps(Optional.empty(), 10);
          store().maintenance().archive().logLines(id, 0, 10);
          store().maintenance().archive().orphanedKeys(Optional.empty(), 10);
          store().maintenance().archive().queues();
          store().maintenance().archive().typeLimits();
          store().maintenance().archive().schedules();
          store().schedules().list();
          store().schedules().due(10);
          store().server().webhooks().list();
          store().server().webhooks().find("none");
          store().server().webhooks().delivery(1);
        },
        () -> cancel(id));
  }

  Attempt upkeep() {
    String type = name();
    JobId id = fixture.enqueue(NewJob.of(type, 1));
    return new Attempt(
        () -> {
          store().insights().timeSeries().fold();
          store().queues().reRank(10);
          store().maintenance().upkeep().analyze();
          store().server().webhooks().forget(MINUTE, 10);
        },
        () -> {
          assertThat(fixture.job(id).state()).isEqualTo(JobState.PENDING);
          cancel(id);
        });
  }

  Attempt schedules() {
    String name = "s-" + name();
    return new Attempt(
        () -> {
          fixture.queue.schedules().put(Schedule.every(name, MINUTE, NewJob.of("t", 1)));
          store().schedules().pause(name);
          store()
              .schedules()
              .find(name)
              .ifPresent(
                  known -> store().schedules().resume(name, known.version(), known.nextSlot()));
        },
        () -> assertThat(store().schedules().remove(name)).isTrue());
  }
}
