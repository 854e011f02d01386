package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.Failure;
import dev.holdfast.FailureGroup;
import dev.holdfast.FailureReport;
import dev.holdfast.Fingerprint;
import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import dev.holdfast.NodeId;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.search.FailureQuery;
import dev.holdfast.spi.FailureStore;
import dev.holdfast.spi.Transition;
import dev.holdfast.spi.server.AlertRule;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A chapter of {@link JobStoreContract}: dead letters by the reason of their failure. */
abstract class StoreContractOfFailures extends StoreFixture {
  private static final FailureQuery ALL = FailureQuery.first(100);

  @Nested
  @Tag("R-74")
  class Dead_letters {
    private NodeId node;
    private FailureStore failures;

    @BeforeEach
    void registerNode() {
      node = register("a");
      failures = store.insights().failures();
    }

    private JobId failed(NewJob job, String message) {
      JobId id = enqueue(job);
      Failure failure = Failure.of(Failure.Kind.ERROR, message);
      acknowledge(claimOne(node), new Transition.Fail(failure));
      return id;
    }

    private Fingerprint fingerprint(String message) {
      return Fingerprint.of(TYPE, Failure.of(Failure.Kind.ERROR, message));
    }

    @Test
    void are_grouped_by_what_they_have_in_common() {
      Instant first = time.now();
      failed(mail(), "no user 17");
      time.advance(SECOND);
      failed(mail(), "no route");
      failed(mail().on("letters"), "no user 18");
      time.advance(SECOND);
      JobId last = failed(mail(), "no user 19");

      FailureReport report = failures.list(ALL);
      assertThat(report.jobs()).isEqualTo(4);
      assertThat(report.isWhole()).isTrue();
      assertThat(report.groups())
          .extracting(FailureGroup::message)
          .containsExactly("no user <n>", "no route");
      FailureGroup users = report.groups().get(0);
      assertThat(users.fingerprint()).isEqualTo(fingerprint("no user 1"));
      assertThat(users.jobs()).isEqualTo(3);
      assertThat(users.first()).isEqualTo(first);
      assertThat(users.last()).isEqualTo(time.now());
      assertThat(users.example()).isEqualTo(last);
      assertThat(failures.find(users.fingerprint())).contains(users);
      assertThat(failures.find(fingerprint("something else"))).isEmpty();
    }

    @Test
    void are_counted_by_queue_type_and_time() {
      failed(mail(), "no user 17");
      time.advance(SECOND);
      failed(mail().on("letters"), "no user 18");

      assertThat(failures.list(query(Optional.of("letters"), Optional.empty())).jobs())
          .isEqualTo(1);
      assertThat(failures.list(query(Optional.empty(), Optional.of(TYPE))).jobs()).isEqualTo(2);
      assertThat(failures.list(query(Optional.empty(), Optional.of("fax"))).groups()).isEmpty();
      FailureQuery recent =
          new FailureQuery(
              Optional.empty(), Optional.empty(), Optional.of(time.now()), Optional.empty(), 10);
      assertThat(failures.list(recent).jobs()).isEqualTo(1);
    }

    private FailureQuery query(Optional<String> queue, Optional<String> type) {
      return new FailureQuery(queue, type, Optional.empty(), Optional.empty(), 10);
    }

    @Test
    void leave_their_group_when_they_are_retried_or_deleted() {
      JobId one = failed(mail(), "no user 17");
      time.advance(SECOND);
      JobId two = failed(mail(), "no user 18");

      assertThat(failures.jobs(fingerprint("no user 1"), 10)).containsExactly(one, two);
      assertThat(failures.jobs(fingerprint("no user 1"), 1)).containsExactly(one);
      store.retry(List.of(one), "ops");
      assertThat(failures.jobs(fingerprint("no user 1"), 10)).containsExactly(two);
      store.delete(List.of(two));
      assertThat(failures.list(ALL).groups()).isEmpty();
    }

    @Test
    void can_be_muted_for_a_time() {
      failed(mail(), "no user 17");
      Fingerprint users = fingerprint("no user 1");
      Instant until = time.now().plusSeconds(10);

      failures.mute(users, Optional.of(until), "ops");
      FailureReport muted = failures.list(ALL);
      assertThat(muted.mutedJobs()).isEqualTo(1);
      assertThat(store.insights().status(Duration.ofHours(1)).muted()).isEqualTo(1);
      assertThat(muted.groups().get(0).mute())
          .contains(new FailureGroup.Mute(Optional.of(until), "ops"));
      FailureQuery others =
          new FailureQuery(
              Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(false), 10);
      assertThat(failures.list(others).groups()).isEmpty();

      time.advance(Duration.ofSeconds(11));
      assertThat(failures.list(ALL).mutedJobs()).isZero();
      assertThat(failures.unmute(users)).isFalse();
      assertThatThrownBy(() -> failures.mute(users, Optional.of(until), "ops"))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("must end in the future");

      failures.mute(users, Optional.empty(), "ops");
      time.advance(Duration.ofDays(100));
      assertThat(failures.list(ALL).mutedJobs()).isEqualTo(1);
      assertThat(failures.unmute(users)).isTrue();
      assertThat(failures.list(ALL).mutedJobs()).isZero();
    }

    @Test
    void do_not_raise_an_alert_while_they_are_muted() {
      failed(mail(), "no user 17");
      enqueue(mail());
      acknowledge(claimOne(node), complete());
      AlertRule rule =
          new AlertRule(
              "failing",
              AlertRule.Kind.FAILURE_RATE,
              Optional.empty(),
              Optional.empty(),
              Duration.ofHours(1),
              50,
              1);
      store.server().alerts().put(rule, "ops");

      failures.mute(fingerprint("no user 1"), Optional.empty(), "ops");
      assertThat(store.server().alerts().watch(SECOND)).isEmpty();
      failures.unmute(fingerprint("no user 1"));
      time.advance(Duration.ofSeconds(2));
      assertThat(store.server().alerts().watch(SECOND)).hasSize(1);
    }
  }
}
