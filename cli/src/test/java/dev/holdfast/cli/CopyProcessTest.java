package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.ConflictException;
import dev.holdfast.Holdfast;
import dev.holdfast.Job;
import dev.holdfast.JobEvent;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.spi.Move;
import dev.holdfast.spi.Move.Direction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A queue is moved while processes produce and work, and the copy is killed at every stage. */
@Tag("R-55")
@Tag("slow")
class CopyProcessTest {
  /** Each start leaves a line; a job that was stopped is quick the second time. */
  private static final String QUICK = "echo $HOLDFAST_JOB >> starts";

  private static final String SLOW_AT_FIRST =
      QUICK + "; [ -e again ] || { touch again; exec sleep 1000; }";

  @TempDir Path folder;
  List<ChildJvm> children = new ArrayList<>();

  @AfterEach
  void end() {
    children.forEach(ChildJvm::killIfAlive);
  }

  private ChildJvm start(String... arguments) throws Exception {
    ChildJvm child = ChildJvm.holdfast(folder, Path.of("/dev/null"), arguments);
    children.add(child);
    return child;
  }

  private NewJob job(String script) {
    return NewJob.of("exec", Map.of("argv", List.of("sh", "-c", script), "cwd", folder.toString()));
  }

  private Path target() {
    return folder.resolve("target.db");
  }

  private ChildJvm copy() throws Exception {
    return start("copy", "--to", target().toString(), "--drain-timeout", "1s");
  }

  /** Kills a copy as soon as a queue stands in such a move; it may have come to its end then. */
  private void killCopyWhen(Holdfast queue, Direction direction) throws Exception {
    ChildJvm copy = copy();
    while (!moves(queue, direction) && ProcessHandle.of(copy.pid()).isPresent()) {
      Thread.onSpinWait();
    }
    copy.signal("KILL");
    copy.end();
    assertThat(moves(queue, direction)).as("killed too late: " + copy.err()).isTrue();
  }

  private static boolean moves(Holdfast queue, Direction direction) {
    Optional<Move> move = queue.archive().move();
    return move.filter(now -> now.direction() == direction).isPresent();
  }

  /** Enqueues until the queue has moved. */
  private void produce(Holdfast queue, Queue<JobId> acknowledged) throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    while (!moves(queue, Direction.GONE)) {
      try {
        acknowledged.add(queue.enqueue(job(QUICK)).id());
      } catch (ConflictException moving) {
        // it may be taken back
      }
      boolean unused = never.await(10, TimeUnit.MILLISECONDS);
    }
  }

  @Test
  void nothing_is_lost_and_nothing_runs_twice_unnoticed() throws Exception {
    Path config = Files.createDirectories(folder.resolve("config/holdfast"));
    Files.writeString(config.resolve("holdfast.yaml"), "worker:\n  lease: 2s\n");
    Queue<JobId> acknowledged = new ConcurrentLinkedQueue<>();
    try (Holdfast source = Holdfast.open(folder.resolve("jobs.db").toString());
        Holdfast arriving = Holdfast.open(target().toString())) {
      acknowledged.add(source.enqueue(job(SLOW_AT_FIRST)).id());
      ChildJvm worker = start("work", "-j", "3");
      CompletableFuture<Void> producer =
          CompletableFuture.runAsync(
              () -> {
                try {
                  produce(source, acknowledged);
                } catch (InterruptedException ended) {
                  Thread.currentThread().interrupt();
                }
              });
      awaitStarts(50);

      killCopyWhen(arriving, Direction.COMING);
      awaitStarts(starts().size() + 20);
      killCopyWhen(source, Direction.GOING);
      assertThat(start("copy", "--undo").end()).isZero();
      awaitStarts(starts().size() + 20);
      killCopyWhen(source, Direction.GOING);
      killCopyWhen(source, Direction.GONE);
      ChildJvm last = copy();
      assertThat(last.end()).as(last.err()).isZero();
      producer.join();
      ChildJvm there = start("work", "-d", target().toString(), "--until-empty");
      assertThat(there.end()).as(there.err()).isZero();

      worker.signal("KILL");
      checkAll(arriving, List.copyOf(acknowledged));
    }
  }

  private List<String> starts() throws Exception {
    Path starts = folder.resolve("starts");
    return Files.exists(starts) ? Files.readAllLines(starts) : List.of();
  }

  private void awaitStarts(int count) throws Exception {
    while (starts().size() < count) {
      Thread.onSpinWait();
    }
  }

  private void checkAll(Holdfast arrived, List<JobId> acknowledged) throws Exception {
    Map<String, Long> starts =
        starts().stream()
            .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    assertThat(acknowledged).hasSizeGreaterThan(100);
    int moved = 0;
    for (JobId id : acknowledged) {
      Job job = arrived.find(id).orElseThrow(() -> new AssertionError(id + " is lost"));
      assertThat(job.state()).as("job %s", id).isEqualTo(JobState.COMPLETED);
      List<JobEvent> events = arrived.events(id);
      long recorded = events.stream().filter(event -> event.to() == JobState.RUNNING).count();
      assertThat(starts.get(id.toString()))
          .as("starts of %s: %s", id, events)
          .isBetween(1L, recorded);
      moved +=
          events.stream().anyMatch(event -> event.why().equals("moved while it was running"))
              ? 1
              : 0;
    }
    assertThat(moved).as("jobs that were moved while they were running").isPositive();
    assertThat(starts.keySet())
        .isSubsetOf(acknowledged.stream().map(JobId::toString).collect(Collectors.toSet()));
  }
}
