package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.Job;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NodeId;
import dev.holdfast.PageRequest;
import dev.holdfast.Retention;
import dev.holdfast.error.ConflictException;
import dev.holdfast.search.Scope;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.server.AuditRecord;
import dev.holdfast.spi.server.AuditRecord.Action;
import dev.holdfast.spi.server.LeaseKey;
import dev.holdfast.spi.server.NewToken;
import dev.holdfast.spi.server.Role;
import dev.holdfast.spi.server.TokenRecord;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A chapter of {@link JobStoreContract}: tokens, what they give access to, and the audit log. */
abstract class StoreContractOfAccess extends StoreFixture {
  @Nested
  @Tag("R-12")
  class A_key_of_leases {
    private static final Duration AGE = Duration.ofDays(30);
    private static final Duration KEPT = Duration.ofDays(1);

    private List<String> rotate(String id) {
      return ids(
          store
              .server()
              .leaseKeys()
              .rotate(new LeaseKey(id, id.repeat(64), time.now(), Optional.empty()), AGE, KEPT));
    }

    private static List<String> ids(List<LeaseKey> keys) {
      return keys.stream().map(LeaseKey::id).toList();
    }

    @Test
    void is_made_once_and_replaced_when_it_is_old() {
      assertThat(store.server().leaseKeys().list()).isEmpty();
      assertThat(rotate("a")).containsExactly("a");
      assertThat(rotate("b")).as("another server at the same time").containsExactly("a");
      assertThat(store.server().leaseKeys().list().get(0).secret()).isEqualTo("a".repeat(64));
      time.advance(AGE);

      assertThat(rotate("c")).containsExactly("c", "a");
      assertThat(ids(store.server().leaseKeys().list())).containsExactly("c", "a");
    }

    @Test
    void is_kept_after_that_for_a_day_and_as_long_as_a_job_runs_that_began_before() {
      rotate("a");
      JobId id = enqueue(mail());
      Claimed claimed = claimOne(register("a"));
      time.advance(AGE);
      rotate("b");
      time.advance(KEPT.plus(SECOND));

      assertThat(rotate("c")).as("it runs").containsExactly("b", "a");
      acknowledge(claimed, complete());
      assertThat(rotate("c")).containsExactly("b");
      assertThat(job(id).state()).isEqualTo(JobState.COMPLETED);
    }

    @Test
    void does_not_show_its_secret_in_texts() {
      rotate("a");
      assertThat(store.server().leaseKeys().list().toString()).doesNotContain("aaaa");
    }
  }

  @Nested
  @Tag("R-47")
  class A_token {
    private NewToken token(String name) {
      return new NewToken(
          name,
          "%064x".formatted(name.hashCode()),
          Role.VIEWER,
          Scope.all(),
          Optional.empty(),
          "a");
    }

    private TokenRecord found(NewToken token) {
      return store.server().tokens().find(token.hash()).orElseThrow();
    }

    @Test
    void is_found_by_its_hash() {
      NewToken all = token("all");
      Scope scope = Scope.of(Set.of("a b", "%", "ü"));
      NewToken some =
          new NewToken("some", "f".repeat(64), Role.WORKER, scope, Optional.of(SECOND), "ada");
      store.server().tokens().create(all);
      store.server().tokens().create(some);

      assertThat(found(all).scope()).isEqualTo(Scope.all());
      assertThat(found(some))
          .isEqualTo(
              new TokenRecord(
                  "some",
                  "f".repeat(64),
                  Role.WORKER,
                  scope,
                  "ada",
                  time.now(),
                  Optional.of(time.now().plus(SECOND)),
                  Optional.empty(),
                  Optional.empty(),
                  true));
      assertThat(store.server().tokens().find("e".repeat(64))).isEmpty();
      assertThat(other().server().tokens().list()).containsExactly(found(all), found(some));
    }

    @Test
    void has_a_name_and_a_hash_that_are_never_reused() {
      NewToken first = token("a");
      store.server().tokens().create(first);
      store.server().tokens().revoke("a");

      assertThatThrownBy(() -> store.server().tokens().create(first))
          .isInstanceOf(ConflictException.class);
      NewToken sameName =
          new NewToken("a", "b".repeat(64), first.role(), first.scope(), Optional.empty(), "a");
      assertThatThrownBy(() -> store.server().tokens().create(sameName))
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("'a'");
      NewToken sameHash =
          new NewToken("b", first.hash(), first.role(), first.scope(), Optional.empty(), "a");
      assertThatThrownBy(() -> store.server().tokens().create(sameHash))
          .isInstanceOf(ConflictException.class);
      assertThat(store.server().tokens().list()).hasSize(1);
    }

    @Test
    void is_valid_until_it_expires() {
      NewToken brief =
          new NewToken("a", "a".repeat(64), Role.ADMIN, Scope.all(), Optional.of(SECOND), "a");
      store.server().tokens().create(brief);

      time.advance(SECOND.minusMillis(1));
      assertThat(found(brief).valid()).isTrue();
      time.advance(Duration.ofMillis(1));
      assertThat(found(brief).valid()).isFalse();
    }

    @Test
    void is_valid_until_it_is_revoked() {
      NewToken token = token("a");
      store.server().tokens().create(token);

      assertThat(other().server().tokens().revoke("a")).isTrue();
      assertThat(store.server().tokens().revoke("a")).isFalse();
      assertThat(store.server().tokens().revoke("b")).isFalse();

      assertThat(found(token).valid()).isFalse();
      assertThat(found(token).revokedAt()).contains(time.now());
    }

    @Test
    void remembers_when_it_was_used_last() {
      NewToken token = token("a");
      store.server().tokens().create(token);
      time.advance(SECOND);
      store.server().tokens().used("a");
      store.server().tokens().used("b");

      assertThat(found(token).lastUsedAt()).contains(time.now());
    }
  }

  @Nested
  @Tag("R-47")
  class A_session {
    @Test
    void that_was_ended_is_remembered_by_all_until_it_is_over() {
      store.server().tokens().endSession("a", SECOND);
      store.server().tokens().endSession("a", SECOND);

      assertThat(other().server().tokens().isSessionEnded("a")).isTrue();
      assertThat(store.server().tokens().isSessionEnded("b")).isFalse();

      time.advance(SECOND.plusMillis(1));
      store.server().tokens().endSession("b", SECOND);
      assertThat(store.server().tokens().isSessionEnded("a")).isFalse();
      assertThat(store.server().tokens().isSessionEnded("b")).isTrue();
    }
  }

  @Nested
  @Tag("R-47")
  class A_scope {
    private final PageRequest page = PageRequest.first(10);

    private List<JobId> seen(JobFilter filter) {
      return store.list(filter, page).stream().map(Job::id).toList();
    }

    @Test
    void shows_the_jobs_of_its_groups_alone() {
      JobId a = enqueue(mail().group("a"));
      JobId b = enqueue(mail().group("b"));
      JobId like = enqueue(mail().group("a_"));
      JobId upper = enqueue(mail().group("A"));
      JobId none = enqueue(mail());
      Scope ofA = Scope.of(Set.of("a"));
      Scope ofBoth = Scope.of(Set.of("b", "a"));

      assertThat(seen(JobFilter.all().within(ofA))).containsExactly(a);
      assertThat(seen(JobFilter.all().within(ofBoth))).containsExactly(b, a);
      assertThat(seen(JobFilter.all().group("b").within(ofA))).isEmpty();
      assertThat(seen(JobFilter.ids(List.of(a, b, like, upper, none)).within(ofA)))
          .containsExactly(a);
      assertThat(seen(JobFilter.ids(List.of(a, b)).group("b"))).containsExactly(b);
      assertThat(seen(JobFilter.all().within(Scope.of(Set.of("%"))))).isEmpty();
      assertThat(seen(JobFilter.all().within(Scope.of(Set.of("_"))))).isEmpty();
      assertThat(seen(JobFilter.all().within(Scope.all())))
          .containsExactly(none, upper, like, b, a);
    }

    @Test
    void shows_no_running_job_of_others() {
      NodeId node = register("a");
      JobId a = enqueue(mail().group("a"));
      enqueue(mail().group("b"));
      enqueue(mail());
      assertThat(claim(node, 3)).hasSize(3);

      assertThat(
              store
                  .recovery()
                  .running(Duration.ZERO, JobFilter.all().within(Scope.of(Set.of("a", "c"))), 10))
          .extracting(job -> job.lease().job())
          .containsExactly(a);
    }
  }

  @Nested
  @Tag("R-47")
  class The_audit_log {
    @Test
    void tells_who_did_what_the_newest_first() {
      Action first = new Action("ada", "POST /x", List.of("a", "b"), 2, 200);
      Action second = new Action("local", "DELETE /y", List.of(), 0, 404);
      store.server().audit().add(first);
      time.advance(SECOND);
      store.server().audit().add(second);

      List<AuditRecord> both = store.server().audit().newest(Optional.empty(), 10);
      assertThat(both).extracting(AuditRecord::action).containsExactly(second, first);
      assertThat(both.get(0).at()).isEqualTo(time.now());
      assertThat(store.server().audit().newest(Optional.empty(), 1)).containsExactly(both.get(0));
      assertThat(store.server().audit().newest(Optional.of(both.get(0).number()), 10))
          .containsExactly(both.get(1));
    }

    @Test
    @Tag("R-48")
    void is_kept_as_long_as_retention_says() {
      for (int i = 0; i < 5; i++) {
        store.server().audit().add(new Action("ada", "POST /" + i, List.of(), 0, 200));
      }
      time.advance(SECOND.multipliedBy(2));
      Action young = new Action("ada", "POST /young", List.of(), 0, 200);
      store.server().audit().add(young);
      Retention forEver = keeping(Optional.empty());

      assertThat(store.maintenance().sweep(forEver, Optional.empty(), 100).others()).isZero();
      assertThat(
              store
                  .maintenance()
                  .sweep(keeping(Optional.of(SECOND)), Optional.empty(), 100)
                  .others())
          .isEqualTo(5);

      assertThat(store.server().audit().newest(Optional.empty(), 10))
          .extracting(AuditRecord::action)
          .containsExactly(young);
      Action next = new Action("ada", "POST /next", List.of(), 0, 200);
      store.server().audit().add(next);
      assertThat(store.server().audit().newest(Optional.empty(), 10))
          .extracting(AuditRecord::action)
          .containsExactly(next, young);
    }

    private static Retention keeping(Optional<Duration> audit) {
      return new Retention(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), audit, SECOND);
    }
  }
}
