package dev.holdfast.cli.copy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.Job;
import dev.holdfast.JobEvent;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.cli.ChildJvm;
import dev.holdfast.error.ConflictException;
import dev.holdfast.spi.record.Move;
import dev.holdfast.spi.record.Move.Direction;
import dev.holdfast.testkit.postgres.PostgresDatabases;
import dev.holdfast.testkit.process.Eventually;
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
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Moves a queue while processes produce and work, and kills the copy at every stage. */
@Tag("R-55")
@Tag("slow")
class CopyProcessTest {
  /** The script of a job: each start writes a line, and a stopped job is quick the second time. */
  private static final String QUICK = "echo $HOLDFAST_JOB >> starts";

  private static String slowAtFirst(String mark) {
    return QUICK + "; [ -e %1$s ] || { touch %1$s; exec sleep 1000; }".formatted(mark);
  }

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

  /** The address of the queue and its target. */
  private record Way(String from, String to) {}

  private Way way(String from, String to) {
    return new Way(place(from, "from"), place(to, "to"));
  }

  private String place(String kind, String name) {
    return kind.equals("sqlite")
        ? folder.resolve(name + ".db").toString()
        : PostgresDatabases.shared(18).create();
  }

  private ChildJvm copy(Way way) throws Exception {
    return start("copy", "-d", way.from, "--to", way.to, "--drain-timeout", "1s");
  }

  /** Kills a copy as soon as a queue is in such a move; the copy may have finished by then. */
  private void killCopyWhen(Way way, Holdfast queue, Direction direction) throws Exception {
    ChildJvm copy = copy(way);
    while (!moves(queue, direction) && ProcessHandle.of(copy.pid()).isPresent()) {
      Thread.onSpinWait();
    }
    copy.killIfAlive(); // without another process, whose start would take its time
    copy.end();
    assertThat(moves(queue, direction)).as("killed too late: " + copy.err()).isTrue();
  }

  private static boolean moves(Holdfast queue, Direction direction) {
    Optional<Move> move = queue.embedding().archive().move();
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
      boolean unused = never.await(30, TimeUnit.MILLISECONDS);
    }
  }

  @ParameterizedTest
  @CsvSource({"sqlite, sqlite", "sqlite, postgres", "postgres, sqlite"})
  void nothing_is_lost_and_nothing_runs_twice_unnoticed(String from, String to) throws Exception {
    Way way = way(from, to);
    Path config = Files.createDirectories(folder.resolve("config/holdfast"));
    Files.writeString(config.resolve("holdfast.yaml"), "worker:\n  lease: 2s\n");
    Queue<JobId> acknowledged = new ConcurrentLinkedQueue<>();
    try (Holdfast source = Holdfast.open(way.from);
        Holdfast arriving = Holdfast.open(way.to)) {
      acknowledged.add(source.enqueue(job(slowAtFirst("first"))).id());
      ChildJvm worker = start("work", "-d", way.from, "-j", "3", "--allow-exec", "*");
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

      killCopyWhen(way, arriving, Direction.COMING);
      awaitStarts(starts().size() + 20);
      killCopyWhen(way, source, Direction.GOING);
      assertThat(start("copy", "-d", way.from, "--undo").end()).isZero();
      awaitStarts(starts().size() + 20);
      acknowledged.add(source.enqueue(job(slowAtFirst("second"))).id());
      awaitFile("second");
      killCopyWhen(way, source, Direction.GOING);
      killCopyWhen(way, source, Direction.GONE);
      ChildJvm last = copy(way);
      assertThat(last.end()).as(last.err()).isZero();
      producer.join();
      ChildJvm there = start("work", "-d", way.to, "--until-empty", "--allow-exec", "*");
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
    Eventually.is(count + " starts", () -> starts().size() >= count);
  }

  private void awaitFile(String name) {
    Eventually.is("there is a file " + name, () -> Files.exists(folder.resolve(name)));
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
      List<JobEvent> events = arrived.queue().events(id);
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
