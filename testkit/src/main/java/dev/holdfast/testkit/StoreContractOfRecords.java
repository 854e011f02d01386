package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.Enqueued;
import dev.holdfast.Job;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.LogFilter;
import dev.holdfast.LogLine;
import dev.holdfast.NewJob;
import dev.holdfast.NodeCommand;
import dev.holdfast.NodeId;
import dev.holdfast.Progress;
import dev.holdfast.Retention;
import dev.holdfast.error.ConflictException;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.HandlerOutput;
import dev.holdfast.spi.Transition;
import dev.holdfast.spi.record.Archive;
import dev.holdfast.spi.record.JobRecord;
import dev.holdfast.spi.record.JobStamp;
import dev.holdfast.spi.record.KeyRecord;
import dev.holdfast.spi.record.Move;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

/** A chapter of {@link JobStoreContract}. The store as a whole, and its move elsewhere. */
abstract class StoreContractOfRecords extends StoreFixture {
  private static final JobId FIRST = new JobId(new UUID(0, 0));
  private static final JobId LAST = new JobId(new UUID(-1, -1));
  private static final Move COMING = new Move(Move.Direction.COMING, "elsewhere");

  private Archive archive() {
    return store.maintenance().archive();
  }

  private List<JobStamp> stamps() {
    return archive().stamps(Optional.empty(), 1_000);
  }

  private List<JobRecord> records() {
    return archive().records(FIRST, LAST);
  }

  private JobRecord record(JobId id) {
    return archive().records(id, id).get(0);
  }

  private void note(Claimed claimed, List<LogLine> lines, Optional<Progress> progress) {
    store.note(List.of(new HandlerOutput(claimed.lease(), lines, progress)));
  }

  private List<LogLine> lines(JobId id, int count) {
    return IntStream.range(0, count).mapToObj(i -> line(id, Level.INFO, "line " + i)).toList();
  }

  /** A job with a bit of everything. */
  private JobId eventful() {
    JobId id =
        enqueue(
            NewJob.of(TYPE, List.of("ü€😀\u0000\n\"", 1.5))
                .priority(7)
                .unique("once")
                .group("tenant")
                .tags("a", "b\"\\")
                .timeout(SECOND.multipliedBy(9))
                .createdBy("ada"));
    NodeId node = register("a");
    Claimed first = claimOne(node);
    time.advance(SECOND);
    store.checkpoint(first.lease(), "page", Optional.of("{\"at\":7}"));
    note(first, lines(id, 3), Optional.of(new Progress(40, "half")));
    acknowledge(first, new Transition.Retry(SECOND, BOOM));
    time.advance(SECOND.multipliedBy(2));
    store.promote(10);
    store.checkpoint(claimOne(node).lease(), "other", Optional.of("[]"));
    return id;
  }

  @Nested
  @Tag("R-55")
  class All_that_belongs_to_a_job {
    @Test
    void comes_back_as_it_was_in_every_state() {
      JobId eventful = eventful();
      reachable().forEach(StoreContractOfRecords.this::jobIn);
      List<JobRecord> before = records();
      List<JobStamp> stampsBefore = stamps();
      List<Object> historyBefore = histories();
      assertThat(before).extracting(one -> one.job().state()).containsAll(reachable());

      archive().fence(COMING);
      archive().fill(List.of(), stampsBefore.stream().map(JobStamp::id).toList());
      assertThat(stamps()).isEmpty();
      assertThat(store.logs(LogFilter.of(eventful))).isEmpty();
      archive().fill(before, List.of());
      archive().unfence();

      assertThat(records()).isEqualTo(before);
      assertThat(histories()).isEqualTo(historyBefore);
      assertThat(stamps())
          .usingRecursiveFieldByFieldElementComparatorIgnoringFields("notes")
          .isEqualTo(stampsBefore);
      assertThat(record(eventful).checkpoints())
          .extracting(JobRecord.Checkpoint::name)
          .containsExactly("page", "other");
      assertThat(store.checkpoints(eventful)).containsEntry("page", "{\"at\":7}");
    }

    private List<Object> histories() {
      return stamps().stream().<Object>map(stamp -> store.events(stamp.id())).toList();
    }

    @Test
    void has_its_log_lines_in_order_however_many() {
      JobId id = enqueue(mail());
      List<LogLine> lines = lines(id, 2 * JobRecord.LOG_LINES + 1);
      note(claimOne(register("a")), lines, Optional.empty());

      List<LogLine> read = new ArrayList<>(record(id).logs());
      assertThat(read).hasSize(JobRecord.LOG_LINES);
      for (List<LogLine> more = read; !more.isEmpty(); read.addAll(more)) {
        more = archive().logLines(id, read.size(), 700);
      }

      assertThat(read).isEqualTo(lines);
    }

    @Test
    void goes_in_batches_that_end_after_a_job() {
      List<JobId> ids = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        ids.add(enqueue(NewJob.of(TYPE, "x".repeat(1_000_000))));
      }

      List<JobRecord> batch = records();
      List<JobRecord> rest = archive().records(ids.get(batch.size()), LAST);

      assertThat(batch).hasSizeBetween(8, 9);
      List<JobRecord> all = new ArrayList<>(batch);
      all.addAll(rest);
      assertThat(all).extracting(one -> one.job().id()).isEqualTo(ids);
    }
  }

  @Nested
  @Tag("R-55")
  class A_stamp {
    @Test
    void comes_in_the_order_of_ids() {
      List<JobId> ids = ids(5);

      assertThat(stamps()).extracting(JobStamp::id).isEqualTo(ids);
      assertThat(archive().stamps(Optional.of(ids.get(1)), 2))
          .extracting(JobStamp::id)
          .isEqualTo(ids.subList(2, 4));
      assertThat(archive().stamps(Optional.of(ids.get(4)), 2)).isEmpty();
    }

    @Test
    void differs_after_everything_that_happens_to_its_job() {
      JobId id = enqueue(mail());
      NodeId node = register("a");
      List<JobStamp> before = stamps();
      List<Claimed> claimed = new ArrayList<>();
      List<Runnable> happenings =
          List.of(
              () -> store.move(List.of(id), "letters"),
              () -> claimed.add(claimOne(node)),
              () -> note(claimed.get(0), lines(id, 1), Optional.empty()),
              () -> note(claimed.get(0), List.of(), Optional.of(new Progress(1, ""))),
              () -> store.checkpoint(claimed.get(0).lease(), "page", Optional.of("1")),
              () -> store.checkpoint(claimed.get(0).lease(), "page", Optional.of("2")),
              () -> store.checkpoint(claimed.get(0).lease(), "page", Optional.empty()),
              () -> acknowledge(claimed.get(0), new Transition.Hold("review")),
              () -> store.resume(List.of(id), "ada"),
              () -> store.cancel(List.of(id), "ada"));
      for (Runnable happening : happenings) {
        time.advance(SECOND);
        happening.run();
        assertThat(stamps()).hasSize(1).isNotEqualTo(before);
        before = stamps();
      }
    }
  }

  @Nested
  @Tag("R-55")
  class Loading {
    @Test
    void brings_back_jobs_that_are_not_there_and_leaves_the_others() {
      List<JobId> ids = ids(2);
      List<JobRecord> before = records();
      store.delete(List.of(ids.get(0)));
      store.move(List.of(ids.get(1)), "letters");

      assertThat(archive().load(before, "ada", "moved")).containsExactly(ids.get(0));
      assertThat(archive().load(before, "ada", "moved")).isEmpty();

      assertThat(record(ids.get(0))).isEqualTo(before.get(0));
      assertThat(job(ids.get(1)).queue()).isEqualTo("letters");
      assertThat(ids(claim(register("a"), 5))).containsExactlyInAnyOrderElementsOf(ids);
    }

    @Test
    void brings_a_key_that_keeps_a_second_job_away() {
      JobId id = enqueue(mail().unique("once"));
      List<JobRecord> before = records();
      archive().fence(COMING);
      archive().fill(List.of(), List.of(id));
      assertThat(archive().orphanedKeys(Optional.empty(), 10)).isEmpty();
      archive()
          .loadKeys(List.of(new KeyRecord("", TYPE, "once", id, before.get(0).keyUntil().get())));
      archive().unfence();
      KeyRecord orphan = archive().orphanedKeys(Optional.empty(), 10).get(0);
      assertThat(orphan.job()).isEqualTo(id);
      assertThat(archive().orphanedKeys(Optional.of(orphan), 10)).isEmpty();

      archive().load(before, "ada", "moved");

      assertThat(archive().orphanedKeys(Optional.empty(), 10)).isEmpty();
      assertThat(queue.enqueue(mail().unique("once"))).isEqualTo(new Enqueued(id, true));
      assertThat(record(id)).isEqualTo(before.get(0));
    }

    @Test
    void takes_no_key_from_a_job_that_has_it() {
      JobId first = enqueue(mail().unique("once"));
      List<JobRecord> before = records();
      archive().fence(COMING);
      archive().fill(List.of(), List.of(first));
      archive().unfence();
      time.advance(SECOND.multipliedBy(60L * 60 * 24 * 8));
      JobId second = enqueue(mail().unique("once"));

      archive().load(before, "ada", "moved");
      archive().loadKeys(List.of(new KeyRecord("", TYPE, "once", first, time.now().plus(SECOND))));

      assertThat(queue.enqueue(mail().unique("once"))).isEqualTo(new Enqueued(second, true));
    }

    @Test
    void remembers_who_ran_a_job() {
      JobId id = jobIn(JobState.COMPLETED);
      JobRecord completed = record(id);
      Job.Holder holder = new Job.Holder(new NodeId(new UUID(3, 4)), "w", "far", 42);
      store.delete(List.of(id));

      archive().load(List.of(heldBy(completed, holder)), "ada", "moved");

      assertThat(job(id).holder()).contains(holder);
      assertThat(store.nodes().seen()).isEmpty();
    }

    @Test
    void gives_back_what_was_running_without_using_up_its_attempt() {
      JobId id = jobIn(JobState.RUNNING);
      JobRecord running = record(id);
      archive().fence(COMING);
      archive().fill(List.of(), List.of(id));
      archive().unfence();

      archive().load(List.of(running), "ada", "moved");

      isGivenBack(id, running.job());
    }

    private void isGivenBack(JobId id, Job before) {
      assertThat(job(id).state()).isEqualTo(JobState.PENDING);
      assertThat(job(id).token()).isEqualTo(before.token() + 1);
      assertThat(job(id).attempt()).isEqualTo(before.attempt() - 1);
      assertThat(path(id)).containsExactly(JobState.PENDING, JobState.RUNNING, JobState.PENDING);
      assertThat(lastEvent(id).by()).isEqualTo("ada");
      assertThat(lastEvent(id).why()).isEqualTo("moved");
    }

    @Test
    void of_a_copy_leaves_what_runs_as_it_is_until_it_has_arrived() {
      JobId id = jobIn(JobState.RUNNING);
      List<JobRecord> running = records();
      archive().fence(COMING);
      archive().fill(running, List.of());
      assertThat(records()).isEqualTo(running);

      assertThat(archive().arrive("ada", "moved")).containsExactly(id);

      assertThat(archive().move()).isEmpty();
      isGivenBack(id, running.get(0).job());
    }

    private JobRecord heldBy(JobRecord record, Job.Holder holder) {
      Job job = record.job();
      Job held = job.toBuilder().holder(holder).build();
      return new JobRecord(
          held,
          record.rank(),
          record.keyUntil(),
          record.progressAt(),
          record.events(),
          record.checkpoints(),
          record.steps(),
          record.waiting(),
          record.logs());
    }

    @Test
    void adds_log_lines_at_their_place_once() {
      JobId id = enqueue(mail());
      List<LogLine> lines = lines(id, 5);

      archive().loadLogs(id, 0, lines.subList(0, 3));
      archive().loadLogs(id, 0, lines.subList(0, 3));
      archive().loadLogs(id, 4, lines.subList(4, 5));
      archive().loadLogs(id, 3, lines.subList(3, 5));
      archive().loadLogs(new JobId(new UUID(1, 1)), 0, lines);

      assertThat(archive().logLines(id, 0, 100)).isEqualTo(lines);
    }
  }

  @Nested
  @Tag("R-55")
  class A_fence {
    @Test
    void refuses_every_write_to_the_queue_by_anyone() {
      NodeId node = register("a");
      enqueue(mail());
      Claimed running = claimOne(node);
      JobId waiting = enqueue(mail());
      JobId later = enqueue(mail().in(SECOND));
      JobId failed = jobIn(JobState.FAILED);
      List<JobRecord> before = records();
      Move move = new Move(Move.Direction.GOING, "jdbc:other");

      other().maintenance().archive().fence(move);
      time.advance(SECOND);

      assertThat(archive().move()).contains(move);
      refused(move, () -> enqueue(mail()));
      refused(move, () -> claim(node, 1));
      refused(move, () -> acknowledge(running, complete()));
      refused(move, () -> acknowledge(running, new Transition.Retry(SECOND, BOOM)));
      refused(move, () -> store.checkpoint(running.lease(), "page", Optional.of("1")));
      refused(move, () -> note(running, lines(running.lease().job(), 1), Optional.empty()));
      refused(move, () -> note(running, List.of(), Optional.of(new Progress(1, ""))));
      refused(move, () -> beat(node));
      refused(move, () -> register("b"));
      refused(move, () -> store.nodes().command(NodeCommand.DRAIN, List.of(node)));
      refused(move, () -> store.nodes().deregister(node));
      refused(move, () -> store.promote(10));
      refused(move, () -> store.cancel(List.of(waiting), "ada"));
      refused(move, () -> store.retry(List.of(failed), "ada"));
      refused(move, () -> store.move(List.of(later), "letters"));
      refused(move, () -> store.delete(List.of(waiting)));
      refused(
          move,
          () ->
              store
                  .recovery()
                  .rescue(List.of(rescue(running, new Transition.Release("gone"), true)), "b"));
      refused(
          move,
          () -> {
            time.advance(SECOND.multipliedBy(60L * 60 * 24 * 30));
            store.maintenance().sweep(Retention.defaults(), Optional.empty(), 100);
          });
      refused(move, () -> archive().fill(before, List.of()));
      assertThat(records()).isEqualTo(before);
    }

    private void refused(Move move, ThrowingCallable write) {
      assertThatThrownBy(write).isInstanceOf(ConflictException.class).hasMessage(move.message());
    }

    @Test
    void tells_how_long_holders_may_believe_in_their_leases() {
      NodeId node = register("a");
      enqueue(mail());
      Move move = new Move(Move.Direction.GOING, "there");
      assertThat(archive().fence(move)).isZero();
      archive().unfence();
      claimOne(node);

      assertThat(archive().fence(move)).isEqualTo(LEASE);
      assertThat(archive().fence(move)).isEqualTo(LEASE);
    }

    @Test
    void around_a_queue_that_comes_lets_the_copy_through_alone() {
      JobId id = enqueue(mail());
      List<JobRecord> before = records();
      store.move(List.of(id), "letters");

      assertThatThrownBy(() -> archive().fill(before, List.of()))
          .isInstanceOf(ConflictException.class);
      archive().fence(COMING);
      archive().fill(before, List.of());

      refused(COMING, () -> enqueue(mail()));
      refused(COMING, () -> claim(new NodeId(new UUID(1, 2)), 1));
      archive().fill(List.of(), List.of(id));
      refused(COMING, () -> archive().load(before, "ada", "moved"));
      archive().fill(before, List.of());
      assertThat(records()).isEqualTo(before);
    }

    @Test
    void is_replaced_by_another_and_can_be_taken_away() {
      archive().fence(new Move(Move.Direction.GOING, "there"));
      archive().fence(new Move(Move.Direction.GONE, "there's \"more\""));
      assertThat(archive().move()).contains(new Move(Move.Direction.GONE, "there's \"more\""));
      assertThatThrownBy(() -> enqueue(mail()))
          .hasMessage("this queue has moved to 'there's \"more\"': use that address");

      archive().unfence();
      archive().unfence();

      assertThat(archive().move()).isEmpty();
      completed(enqueue(mail()));
    }
  }
}
