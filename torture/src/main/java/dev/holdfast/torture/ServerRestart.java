package dev.holdfast.torture;

import dev.holdfast.Holdfast;
import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import dev.holdfast.torture.actors.WorkerProgram;
import dev.holdfast.torture.evidence.Behaviour;
import dev.holdfast.torture.evidence.Effect;
import dev.holdfast.torture.evidence.Work;
import dev.holdfast.torture.host.Child;
import dev.holdfast.torture.host.LineFile.Durability;
import dev.holdfast.torture.host.Machine;
import dev.holdfast.torture.host.Rest;
import dev.holdfast.torture.server.LoneServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Stops the server for a few seconds while two workers run long jobs: no handler may be stopped,
 * and no job may move to another worker.
 */
public final class ServerRestart implements Scenario {
  private static final Duration AWAY = Duration.ofSeconds(4);
  private static final Duration LEASE = Duration.ofSeconds(15);
  private static final int JOBS = 8;
  private static final Work LONG = new Work(8_000, 1, 0, false);
  private static final long END_SECONDS_MAX = 30;

  private final int major;

  ServerRestart(int major) {
    this.major = major;
  }

  /** Runs the command. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Scenario.main(new ServerRestart(18));
  }

  @Override
  public boolean run(Path folder) {
    try (LoneServer server = LoneServer.start(major, false, Map.of());
        Holdfast holdfast = Holdfast.open(server.address())) {
      List<Child> workers =
          Stream.of("first", "second").map(name -> start(folder, name, server.address())).toList();
      try {
        List<JobId> jobs =
            IntStream.range(0, JOBS)
                .mapToObj(job -> holdfast.enqueue(NewJob.of(Behaviour.COMPLETE.type(), LONG)).id())
                .toList();
        awaitAll(folder, Effect.Kind.BEGIN);
        server.restart(() -> Rest.whateverHappens(AWAY));
        awaitAll(folder, Effect.Kind.ACCEPTED);
        return tell(folder, jobs, holdfast);
      } finally {
        workers.forEach(Child::terminate);
        workers.forEach(worker -> worker.end(END_SECONDS_MAX));
      }
    }
  }

  private static Child start(Path folder, String name, String address) {
    WorkerProgram.Settings settings =
        new WorkerProgram.Settings(
            address, folder, JOBS, LEASE, Duration.ofSeconds(5), Durability.KILL);
    return WorkerProgram.start(name, settings, Machine.wrapper(folder, name));
  }

  private static void awaitAll(Path folder, Effect.Kind kind) {
    while (count(folder, kind) < JOBS) {
      Rest.aLittle();
    }
  }

  private static int count(Path folder, Effect.Kind kind) {
    return Stream.of("first", "second")
        .mapToInt(worker -> WorkerLog.of(folder, worker).effects(kind).size())
        .sum();
  }

  private static boolean tell(Path folder, List<JobId> jobs, Holdfast holdfast) {
    int told = count(folder, Effect.Kind.TOLD);
    int begins = count(folder, Effect.Kind.BEGIN);
    int refused = count(folder, Effect.Kind.STALE);
    long moved =
        jobs.stream()
            .map(id -> holdfast.find(id).orElseThrow())
            .filter(job -> job.attempt() != 1 || job.crashes() != 0)
            .count();
    System.out.printf(
        "the server was away for %d s: %d of %d handlers interrupted, %d starts, %d refused, %d"
            + " jobs"
            + " moved%n",
        AWAY.toSeconds(), told, JOBS, begins, refused, moved);
    return told == 0 && begins == JOBS && refused == 0 && moved == 0;
  }
}
