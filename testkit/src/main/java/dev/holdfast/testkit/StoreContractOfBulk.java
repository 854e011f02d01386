package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.BulkAction;
import dev.holdfast.BulkOperation;
import dev.holdfast.BulkOperation.State;
import dev.holdfast.BulkRequest;
import dev.holdfast.Job;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue.Changed;
import dev.holdfast.JobState;
import dev.holdfast.PageRequest;
import dev.holdfast.check.Limits;
import dev.holdfast.error.ConflictException;
import dev.holdfast.search.Scope;
import dev.holdfast.search.TimeRange;
import dev.holdfast.spi.server.NewToken;
import dev.holdfast.spi.server.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A chapter of {@link JobStoreContract}: actions on many jobs, selected by a filter. */
abstract class StoreContractOfBulk extends StoreFixture {
  private BulkOperation start(BulkRequest request) {
    return store.bulkOperations().start(new UUID(0, random.nextLong()), request, "ops");
  }

  private BulkOperation newest(BulkOperation operation) {
    return store.bulkOperations().find(operation.id()).orElseThrow();
  }

  private void workOff() {
    for (int i = 0; store.bulkOperations().advance(3); i++) {
      assertThat(i).as("batches").isLessThan(1_000);
    }
  }

  private List<JobId> failed(int count) {
    List<JobId> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(jobIn(JobState.FAILED));
    }
    return ids;
  }

  @Nested
  @Tag("R-76")
  class A_change_by_filter {
    @Test
    void leaves_jobs_alone_that_match_no_longer() {
      List<JobId> ids = failed(3);
      store.retry(List.of(ids.get(1)), "ops");
      BulkRequest delete = BulkRequest.of(BulkAction.DELETE, JobFilter.in(JobState.FAILED));

      List<Changed> changed = store.bulkOperations().change(delete, ids, "ops");

      assertThat(changed).extracting(Changed::done).containsExactly(true, false, true);
      assertThat(job(ids.get(1)).state()).isEqualTo(JobState.PENDING);
      assertThat(store.find(ids.get(0))).isEmpty();
    }

    @Test
    void does_what_is_asked() {
      JobId pending = enqueue(mail().priority(1));
      JobId interrupted = jobIn(JobState.INTERRUPTED);
      JobId other = jobIn(JobState.INTERRUPTED);
      JobId cancelled = jobIn(JobState.CANCELLED);
      List<JobId> all = List.of(pending, interrupted, other, cancelled);

      change(BulkRequest.of(BulkAction.MOVE, JobFilter.all()).queue("q"), all, 1);
      assertThat(job(pending).queue()).isEqualTo("q");
      change(BulkRequest.of(BulkAction.REPRIORITIZE, JobFilter.all()).priority(7), all, 1);
      assertThat(job(pending).priority()).isEqualTo(7);
      change(BulkRequest.of(BulkAction.RESUME, JobFilter.all()), List.of(interrupted), 1);
      assertThat(job(interrupted).state()).isEqualTo(JobState.PENDING);
      change(BulkRequest.of(BulkAction.DISCARD, JobFilter.all()), all, 1);
      assertThat(job(other).state()).isEqualTo(JobState.CANCELLED);
      change(BulkRequest.of(BulkAction.RETRY, JobFilter.all()), List.of(cancelled), 1);
      change(BulkRequest.of(BulkAction.CANCEL, JobFilter.all()), List.of(cancelled), 1);
      change(BulkRequest.of(BulkAction.CANCEL, JobFilter.in(JobState.FAILED)), all, 0);
    }

    private void change(BulkRequest request, List<JobId> ids, int done) {
      assertThat(store.bulkOperations().change(request, ids, "ops").stream().filter(Changed::done))
          .as(request.toString())
          .hasSize(done);
    }
  }

  @Nested
  @Tag("R-76")
  class A_bulk_operation {
    @Test
    @Tag("R-47")
    void ends_with_its_next_batch_when_the_token_of_its_starter_is_revoked() {
      List<JobId> ids = failed(8);
      createToken("ops");
      createToken("other");
      BulkOperation operation =
          start(BulkRequest.of(BulkAction.RETRY, JobFilter.in(JobState.FAILED)));
      store.server().tokens().revoke("other");
      store.bulkOperations().advance(3);
      assertThat(newest(operation).done()).isEqualTo(3);

      other().server().tokens().revoke("ops");
      workOff();

      assertThat(newest(operation).state()).isEqualTo(State.CANCELLED);
      assertThat(newest(operation).done()).isEqualTo(3);
      assertThat(ids.stream().filter(id -> job(id).state() == JobState.FAILED)).hasSize(5);
    }

    @Test
    @Tag("R-47")
    void goes_on_when_a_token_of_its_starters_name_was_revoked_before() {
      failed(8);
      createToken("ops");
      store.server().tokens().revoke("ops");
      time.advance(Duration.ofSeconds(1));

      BulkOperation operation =
          start(BulkRequest.of(BulkAction.RETRY, JobFilter.in(JobState.FAILED)));
      workOff();

      assertThat(newest(operation).state()).isEqualTo(State.DONE);
      assertThat(newest(operation).done()).isEqualTo(8);
    }

    private void createToken(String name) {
      store
          .server()
          .tokens()
          .create(
              new NewToken(
                  name,
                  name.repeat(22).substring(0, 44),
                  Role.OPERATOR,
                  Scope.all(),
                  Optional.empty(),
                  "a"));
    }

    @Test
    void is_refused_while_too_many_are_running() {
      BulkRequest nothing = BulkRequest.of(BulkAction.RETRY, JobFilter.in(JobState.FAILED));
      for (int i = 0; i < Limits.BULK_OPERATIONS_MAX; i++) {
        start(nothing);
      }

      assertThatThrownBy(() -> start(nothing))
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("100");

      store.bulkOperations().advance(3);
      start(nothing);
    }

    @Test
    void changes_what_matches_in_batches_and_counts_it() {
      List<JobId> ids = failed(8);
      JobId other = jobIn(JobState.COMPLETED);

      BulkOperation operation =
          start(BulkRequest.of(BulkAction.RETRY, JobFilter.in(JobState.FAILED)));
      assertThat(operation.state()).isEqualTo(State.RUNNING);
      assertThat(store.bulkOperations().advance(3)).isTrue();
      assertThat(newest(operation).done()).isEqualTo(3);
      assertThat(newest(operation).state()).isEqualTo(State.RUNNING);
      workOff();

      assertThat(newest(operation).state()).isEqualTo(State.DONE);
      assertThat(newest(operation).done()).isEqualTo(8);
      assertThat(newest(operation).finishedAt()).isPresent();
      assertThat(newest(operation).by()).isEqualTo("ops");
      assertThat(ids).allMatch(id -> job(id).state() == JobState.PENDING);
      assertThat(job(other).state()).isEqualTo(JobState.COMPLETED);
      assertThat(lastEvent(ids.get(0)).by()).isEqualTo("ops");
      assertThat(store.bulkOperations().advance(3)).isFalse();
    }

    @Test
    void keeps_its_request_with_instants_in_place_of_ages_and_with_its_scope() {
      JobFilter filter =
          JobFilter.in(JobState.PENDING)
              .created(TimeRange.any().since(Duration.ofHours(1)))
              .within(Scope.of(Set.of("g1", "g2")));
      JobId inScope = enqueue(mail().group("g2"));
      JobId outside = enqueue(mail().group("g3"));

      BulkOperation operation = start(BulkRequest.of(BulkAction.MOVE, filter).queue("q"));
      time.advance(Duration.ofHours(3));
      workOff();

      assertThat(job(inScope).queue()).isEqualTo("q");
      assertThat(job(outside).queue()).isEqualTo(QUEUE);
      assertThat(newest(operation).request()).isEqualTo(operation.request());
      assertThat(operation.request().filter().created().since()).isPresent();
      assertThat(store.bulkOperations().list(10)).containsExactly(newest(operation));
    }

    @Test
    void stops_when_it_is_cancelled() {
      failed(8);
      BulkOperation operation =
          start(BulkRequest.of(BulkAction.DELETE, JobFilter.in(JobState.FAILED)));
      store.bulkOperations().advance(3);

      store.bulkOperations().cancel(operation.id());
      workOff();

      assertThat(newest(operation).state()).isEqualTo(State.CANCELLED);
      assertThat(newest(operation).done()).isEqualTo(3);
      assertThat(store.list(JobFilter.in(JobState.FAILED), PageRequest.first(100))).hasSize(5);
    }

    @Test
    void takes_exactly_what_matches_when_touched_however_many_work_on_it_at_once() {
      List<JobId> ids = failed(40);
      BulkOperation operation =
          start(BulkRequest.of(BulkAction.RETRY, JobFilter.in(JobState.FAILED)));
      List<Callable<Integer>> calls = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        calls.add(
            () -> {
              int batches = 0;
              while (store.bulkOperations().advance(3)) {
                batches++;
              }
              return batches;
            });
      }
      calls.add(() -> retryByHand(ids));
      List<Integer> answers = atOnce(calls);

      int byHand = answers.get(answers.size() - 1);
      assertThat(newest(operation).state()).isEqualTo(State.DONE);
      assertThat(newest(operation).done()).isEqualTo(40 - byHand);
      for (JobId id : ids) {
        Job job = job(id);
        assertThat(job.state()).isEqualTo(JobState.PENDING);
        assertThat(path(id).stream().filter(state -> state == JobState.PENDING))
            .as("times that %s was pending: at its enqueue and after one retry", id)
            .hasSize(2);
      }
    }

    private int retryByHand(List<JobId> ids) {
      int done = 0;
      for (int i = 0; i < ids.size(); i += 3) {
        done += store.retry(List.of(ids.get(i)), "hand").get(0).done() ? 1 : 0;
      }
      return done;
    }
  }
}
