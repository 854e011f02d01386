package dev.holdfast.cli.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.Holdfast;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.NodeConfig;
import dev.holdfast.cli.Cli;
import dev.holdfast.cli.Tables;
import dev.holdfast.cli.options.Person;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.error.ConflictException;
import dev.holdfast.spi.record.JobStamp;
import dev.holdfast.spi.record.Move;
import dev.holdfast.spi.record.Move.Direction;
import dev.holdfast.testkit.process.Eventually;
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
      holdfast
          .queue()
          .enqueue(
              IntStream.range(0, jobs)
                  .mapToObj(i -> NewJob.of("t", i).unique("key " + i))
                  .toList());
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
  @Tag("R-44")
  void leaves_no_target_open_to_callers_whom_the_source_refuses() {
    enqueue(1);
    cli.run("token", "create", "ops", "--role", "admin");
    cli.run("token", "revoke", "ops"); // a server of this queue stays closed

    Cli.Result refused = copy();

    assertThat(refused.code()).isEqualTo(ExitCodes.CONFLICT);
    assertThat(refused.lastMessage())
        .isEqualTo(
            "holdfast: the queue has 1 token, which are not copied, and '%1$s' has none: a server of it would allow everything to everybody. Create tokens there first (holdfast token create … -d '%1$s'), or use --leave-open"
                .formatted(target()));
    assertThat(enqueueAt(cli.db()).code()).isZero();
    cli.run("token", "create", "ops", "--role", "admin", "-d", target().toString());
    Cli.Result closed = copy();
    assertThat(closed.code()).as(closed.err()).isZero();
    assertThat(closed.err()).contains("not copied: 1 token; create them again in '");
  }

  @Test
  @Tag("R-44")
  void leaves_a_target_open_when_requested() {
    enqueue(1);
    cli.run("token", "create", "ops", "--role", "admin");

    Cli.Result told = cli.run("copy", "--to", target().toString(), "--leave-open");

    assertThat(told.code()).as(told.err()).isZero();
    assertThat(cli.run("token", "list", "-d", target().toString()).out()).isEmpty();
  }

  @Test
  void repeated_says_that_it_is_done() {
    enqueue(1);
    copy();
    enqueueAt(target());

    Cli.Result again = copy();

    assertThat(again.code()).isZero();
    assertThat(again.err()).startsWith("holdfast: the queue has already been moved\n");
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
                Eventually.is(
                    "the node is told to drain",
                    () ->
                        holdfast.queue().status().nodes().get(0).command()
                            != dev.holdfast.NodeCommand.RUN);
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
  void moves_jobs_that_run_for_too_long_after_their_node_has_stopped_them() throws Exception {
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
          .contains("jobs are still running: waiting 4.0s for their nodes to stop them\n")
          .contains("job %s was running and will run again\n".formatted(id));
      try (Holdfast moved = Holdfast.open(target().toString())) {
        assertThat(moved.find(id).orElseThrow().state()).isEqualTo(JobState.PENDING);
        assertThat(moved.find(id).orElseThrow().token()).isEqualTo(2);
        assertThat(moved.find(id).orElseThrow().attempt()).isZero();
        assertThat(moved.queue().events(id).get(2).why()).isEqualTo("moved while it was running");
        assertThat(moved.queue().events(id).get(2).by()).isEqualTo(Person.name());
      }
    }
  }

  @Nested
  class A_target {
    @Test
    void with_jobs_is_refused() throws Exception {
      enqueue(1);
      enqueueAt(target());

      Cli.Result refused = copy();

      assertThat(refused.code()).isEqualTo(ExitCodes.CONFLICT);
      assertThat(refused.err())
          .isEqualTo(
              "holdfast: '%s' is in use or has jobs: a queue can only be moved to an empty database\n"
                  .formatted(target()));
      assertThat(enqueueAt(target()).code()).isZero();
      assertThat(enqueueAt(cli.db()).code()).isZero();
    }

    @Test
    void must_be_another_one() {
      enqueue(1);

      Cli.Result refused = cli.run("copy", "--to", "jdbc:sqlite:" + cli.db());

      assertThat(refused.code()).isEqualTo(ExitCodes.CONFLICT);
      assertThat(refused.err()).contains("is the queue's own database: specify another");
    }

    @Test
    void takes_part_in_one_move_only() {
      enqueue(1);
      try (Holdfast taken = Holdfast.open(target().toString())) {
        taken.embedding().archive().fence(new Move(Direction.COMING, "elsewhere"));
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
    /** Leaves the state of a copy that was killed after fencing the source. */
    private void stopBehindTheFence() {
      enqueue(5);
      try (Holdfast source = cli.open();
          Holdfast target = Holdfast.open(target().toString())) {
        target.embedding().archive().fence(new Move(Direction.COMING, cli.db().toString()));
        source.embedding().archive().fence(new Move(Direction.GOING, target().toString()));
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
    void continues_when_repeated() throws Exception {
      stopBehindTheFence();

      assertThat(copy().code()).isZero();

      assertThat(contents(target())).isEqualTo(contents(cli.db()));
    }

    @Test
    void finds_all_that_happened_since() throws Exception {
      enqueue(2_500);
      try (Holdfast source = cli.open();
          Holdfast target = Holdfast.open(target().toString())) {
        target.embedding().archive().fence(new Move(Direction.COMING, cli.db().toString()));
        List<JobId> ids =
            source.embedding().archive().stamps(Optional.empty(), 9_999).stream()
                .map(JobStamp::id)
                .toList();
        target
            .embedding()
            .archive()
            .fill(source.embedding().archive().records(ids.get(0), ids.get(1_999)), List.of());
        source.queue().delete(List.of(ids.get(0), ids.get(999), ids.get(1_000), ids.get(2_499)));
        source.queue().cancel(List.of(ids.get(5), ids.get(1_500)), "ada");
        source.queue().move(List.of(ids.get(7)), "other");
      }

      assertThat(copy().code()).isZero();

      assertThat(contents(target())).isEqualTo(contents(cli.db()));
    }

    @Test
    void just_before_its_end_opens_the_target_when_it_is_repeated() {
      enqueue(5);
      copy();
      try (Holdfast target = Holdfast.open(target().toString())) {
        target.embedding().archive().fence(new Move(Direction.COMING, cli.db().toString()));
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
          .contains("to move it back, run holdfast copy from there");
      assertThat(enqueueAt(cli.db()).code()).isEqualTo(ExitCodes.CONFLICT);
    }
  }
}
