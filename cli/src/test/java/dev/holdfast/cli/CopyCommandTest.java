package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.ConflictException;
import dev.holdfast.Holdfast;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.NodeConfig;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.spi.JobStamp;
import dev.holdfast.spi.Move;
import dev.holdfast.spi.Move.Direction;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("R-55")
class CopyCommandTest {
  @TempDir Path folder;
  Cli cli = new Cli(Path.of(""));

  @BeforeEach
  void nameDatabase() {
    cli = new Cli(folder);
  }

  private Path target() {
    return folder.resolve("target.db");
  }

  private Cli.Result copy() {
    return cli.run("copy", "--to", target().toString());
  }

  private Cli.Result copyBack() {
    return cli.run("copy", "-d", target().toString(), "--to", cli.db().toString());
  }

  private void enqueue(int jobs) {
    try (Holdfast holdfast = cli.open()) {
      holdfast.enqueue(
          IntStream.range(0, jobs).mapToObj(i -> NewJob.of("t", i).unique("key " + i)).toList());
    }
  }

  private Map<String, List<String>> contents(Path database) throws Exception {
    return new Tables(database).contents();
  }

  private Cli.Result enqueueAt(Path database) {
    return cli.run("enqueue", "--type", "t", "-d", database.toString());
  }

  @Test
  void moves_every_job_and_tells_writers_where_it_is() throws Exception {
    enqueue(3_210);
    Map<String, List<String>> before = contents(cli.db());

    Cli.Result result = copy();

    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.err())
        .isEqualTo(
            """
            holdfast: copied and compared 3210 jobs
            holdfast: the queue has moved to '%s'; restart its programs with that address
            """
                .formatted(target()));
    assertThat(contents(target())).isEqualTo(before);
    assertThat(contents(cli.db())).isEqualTo(before);
    Cli.Result refused = enqueueAt(cli.db());
    assertThat(refused.code()).isEqualTo(ExitCodes.CONFLICT);
    assertThat(refused.err())
        .isEqualTo(
            "holdfast: this queue has moved to '%s': use that address\n".formatted(target()));
    assertThat(enqueueAt(target()).code()).isZero();
  }

  @Test
  void repeated_says_that_it_is_done() {
    enqueue(1);
    copy();
    enqueueAt(target());

    Cli.Result again = copy();

    assertThat(again.code()).isZero();
    assertThat(again.err()).startsWith("holdfast: the queue had been moved before\n");
    assertThat(cli.run("list", "-d", target().toString(), "--json").lines()).hasSize(2);
  }

  @Test
  void goes_back_to_where_it_came_from() throws Exception {
    enqueue(10);
    copy();
    enqueueAt(target());
    cli.run("cancel", "--all", "-d", target().toString());
    Map<String, List<String>> before = contents(target());

    Cli.Result back = copyBack();

    assertThat(back.code()).as(back.err()).isZero();
    assertThat(contents(cli.db())).isEqualTo(before);
    assertThat(enqueueAt(cli.db()).code()).isZero();
    assertThat(enqueueAt(target()).err()).contains("has moved to '" + cli.db() + "'");
    assertThat(copy().code()).isZero();
    assertThat(enqueueAt(target()).code()).isZero();
  }

  @Test
  void waits_for_what_runs() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    try (Holdfast holdfast = cli.open()) {
      holdfast.handle(
          "t",
          Object.class,
          (payload, job) -> {
            begun.countDown();
            end.await();
            return "done";
          });
      holdfast.start();
      JobId id = holdfast.enqueue(NewJob.of("t", 1)).id();
      begun.await();
      Thread ender =
          new Thread(
              () -> {
                while (holdfast.status().nodes().get(0).order() == dev.holdfast.NodeOrder.RUN) {
                  Thread.onSpinWait();
                }
                end.countDown();
              });
      ender.start();

      Cli.Result result = copy();

      assertThat(result.err()).contains("told the nodes to drain; waiting for 1 node\n");
      try (Holdfast moved = Holdfast.openExisting(target().toString())) {
        assertThat(moved.find(id).orElseThrow().state()).isEqualTo(JobState.COMPLETED);
      }
      ender.join();
    }
  }

  @Test
  void takes_what_runs_for_too_long_with_it_after_its_node_has_stopped_it() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    try (Holdfast holdfast = cli.open()) {
      holdfast.handle(
          "t",
          Object.class,
          (payload, job) -> {
            begun.countDown();
            try {
              new CountDownLatch(1).await();
              return 1;
            } finally {
              stopped.countDown();
            }
          });
      holdfast.start(NodeConfig.defaults().lease(Duration.ofSeconds(2)).grace(Duration.ZERO));
      JobId id = holdfast.enqueue(NewJob.of("t", 1)).id();
      begun.await();

      Cli.Result result = cli.run("copy", "--to", target().toString(), "--drain-timeout", "0s");

      assertThat(result.code()).as(result.err()).isZero();
      assertThat(stopped.getCount()).as("handlers that still run").isZero();
      assertThat(result.err())
          .contains("jobs are still running: waiting 4.0s until their nodes have stopped them\n")
          .contains("job %s was running and will run again\n".formatted(id));
      try (Holdfast moved = Holdfast.open(target().toString())) {
        assertThat(moved.find(id).orElseThrow().state()).isEqualTo(JobState.PENDING);
        assertThat(moved.find(id).orElseThrow().token()).isEqualTo(2);
        assertThat(moved.find(id).orElseThrow().attempt()).isZero();
        assertThat(moved.events(id).get(2).why()).isEqualTo("moved while it was running");
        assertThat(moved.events(id).get(2).by()).isEqualTo("copy");
      }
    }
  }

  @Nested
  class A_target {
    @Test
    void with_jobs_is_left_as_it_is() throws Exception {
      enqueue(1);
      enqueueAt(target());

      Cli.Result refused = copy();

      assertThat(refused.code()).isEqualTo(ExitCodes.CONFLICT);
      assertThat(refused.err())
          .isEqualTo(
              "holdfast: '%s' is in use or has jobs: a queue is moved to an empty database\n"
                  .formatted(target()));
      assertThat(enqueueAt(target()).code()).isZero();
      assertThat(enqueueAt(cli.db()).code()).isZero();
    }

    @Test
    void must_be_another_one() {
      enqueue(1);

      Cli.Result refused = cli.run("copy", "--to", "jdbc:sqlite:" + cli.db());

      assertThat(refused.code()).isEqualTo(ExitCodes.CONFLICT);
      assertThat(refused.err()).contains("is where the queue is: name another");
    }

    @Test
    void takes_part_in_one_move_only() {
      enqueue(1);
      try (Holdfast taken = Holdfast.open(target().toString())) {
        taken.archive().fence(new Move(Direction.COMING, "elsewhere"));
      }

      Cli.Result refused = copy();

      assertThat(refused.code()).isEqualTo(ExitCodes.CONFLICT);
      assertThat(refused.err()).contains("this queue is being filled from 'elsewhere'");
      assertThat(enqueueAt(cli.db()).code()).isZero();
    }

    @Test
    void or_undo_must_be_named() {
      assertThat(cli.run("copy").code()).isEqualTo(ExitCodes.USAGE);
      assertThat(cli.run("copy", "--undo", "--to", "x").code()).isEqualTo(ExitCodes.USAGE);
    }
  }

  @Nested
  class A_copy_that_stopped_halfway {
    /** As a copy leaves it that was killed behind the fence of the source. */
    private void stopBehindTheFence() {
      enqueue(5);
      try (Holdfast source = cli.open();
          Holdfast target = Holdfast.open(target().toString())) {
        target.archive().fence(new Move(Direction.COMING, cli.db().toString()));
        source.archive().fence(new Move(Direction.GOING, target().toString()));
      }
    }

    @Test
    void can_be_taken_back() {
      stopBehindTheFence();
      assertThat(enqueueAt(cli.db()).err()).contains("is moving to '" + target() + "'");

      Cli.Result undone = cli.run("copy", "--undo");

      assertThat(undone.code()).isZero();
      assertThat(undone.err())
          .isEqualTo("holdfast: the queue stays here; its nodes were told to run\n");
      assertThat(enqueueAt(cli.db()).code()).isZero();
      assertThat(enqueueAt(target()).err()).contains("is being filled from");
      assertThat(copy().code()).isZero();
      assertThat(cli.run("list", "-d", target().toString(), "--json").lines()).hasSize(6);
    }

    @Test
    void goes_on_when_it_is_repeated() throws Exception {
      stopBehindTheFence();

      assertThat(copy().code()).isZero();

      assertThat(contents(target())).isEqualTo(contents(cli.db()));
    }

    @Test
    void finds_all_that_happened_since() throws Exception {
      enqueue(2_500);
      try (Holdfast source = cli.open();
          Holdfast target = Holdfast.open(target().toString())) {
        target.archive().fence(new Move(Direction.COMING, cli.db().toString()));
        List<JobId> ids =
            source.archive().stamps(Optional.empty(), 9_999).stream().map(JobStamp::id).toList();
        target.archive().fill(source.archive().records(ids.get(0), ids.get(1_999)), List.of());
        source.delete(List.of(ids.get(0), ids.get(999), ids.get(1_000), ids.get(2_499)));
        source.cancel(List.of(ids.get(5), ids.get(1_500)), "ada");
        source.move(List.of(ids.get(7)), "other");
      }

      assertThat(copy().code()).isZero();

      assertThat(contents(target())).isEqualTo(contents(cli.db()));
    }

    @Test
    void just_before_its_end_opens_the_target_when_it_is_repeated() {
      enqueue(5);
      copy();
      try (Holdfast target = Holdfast.open(target().toString())) {
        target.archive().fence(new Move(Direction.COMING, cli.db().toString()));
        assertThatThrownBy(() -> target.enqueue(NewJob.of("t", 1)))
            .isInstanceOf(ConflictException.class);
      }

      assertThat(copy().code()).isZero();

      assertThat(enqueueAt(target()).code()).isZero();
    }

    @Test
    void is_not_taken_back_once_it_has_come_to_its_end() {
      enqueue(1);
      copy();

      Cli.Result refused = cli.run("copy", "--undo");

      assertThat(refused.code()).isEqualTo(ExitCodes.CONFLICT);
      assertThat(refused.err())
          .contains("has moved to '%s'".formatted(target()))
          .contains("from there, holdfast copy brings it back");
      assertThat(enqueueAt(cli.db()).code()).isEqualTo(ExitCodes.CONFLICT);
    }
  }
}
