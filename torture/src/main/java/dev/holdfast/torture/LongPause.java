package dev.holdfast.torture;

import dev.holdfast.Holdfast;
import dev.holdfast.Job;
import dev.holdfast.JobEvent;
import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import dev.holdfast.torture.actors.WorkerProgram;
import dev.holdfast.torture.evidence.Deed;
import dev.holdfast.torture.evidence.Effect;
import dev.holdfast.torture.evidence.Work;
import dev.holdfast.torture.host.Child;
import dev.holdfast.torture.host.LineFile.Durability;
import dev.holdfast.torture.host.Moment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * One worker stands still for longer than its lease with a job in its hands, another one takes over
 * and completes the job, and then the first one goes on and answers, too late.
 */
public final class LongPause implements Scenario {
  private static final Duration LEASE = Duration.ofSeconds(2);
  private static final long END_SECONDS_MAX = 30;

  /** Does not care for being told to end; so long that it is stopped before it has ended. */
  private static final Work STUBBORN = new Work(5_000, 1, 0, true);

  private final Moment start = Moment.now();

  /** The command. */
  public static void main(String[] arguments) throws Exception {
    Scenario.main(new LongPause());
  }

  @Override
  public boolean run(Path folder) {
    String address = folder.resolve("jobs.db").toString();
    WorkerProgram.Settings settings =
        new WorkerProgram.Settings(
            address, folder, 1, LEASE, Duration.ofSeconds(5), Durability.KILL);
    Child first = WorkerProgram.start("first", settings, List.of());
    Child second = null;
    try (Holdfast holdfast = Holdfast.open(address)) {
      JobId job = holdfast.enqueue(NewJob.of(Deed.COMPLETE.type(), STUBBORN)).id();
      await(folder, "first", Effect.Kind.BEGIN);
      first.signal("STOP");
      tell("the first worker has begun the job and stands still");

      second = WorkerProgram.start("second", settings, List.of());
      Effect begin = await(folder, "second", Effect.Kind.BEGIN);
      tell("the second worker has taken over, under token " + begin.token());
      await(folder, "second", Effect.Kind.ACCEPTED);
      tell("its completion was accepted");

      first.signal("CONT");
      Effect stale = await(folder, "first", Effect.Kind.STALE);
      tell(
          "the first worker went on, and its completion under token "
              + stale.token()
              + " was refused");
      return isTheSecondOnes(holdfast, job, begin.token());
    } finally {
      end(first);
      if (second != null) {
        end(second);
      }
    }
  }

  private boolean isTheSecondOnes(Holdfast holdfast, JobId id, long token) {
    Job job = holdfast.find(id).orElseThrow();
    for (JobEvent event : holdfast.events(id)) {
      System.out.printf("    %s  %s  %s%n", event.at(), event.to(), event.why());
    }
    return job.token() == token && job.result().filter(Long.toString(token)::equals).isPresent();
  }

  private static Effect await(Path folder, String worker, Effect.Kind kind) {
    return WorkerLog.of(folder, worker).await(kind, 1).get(0);
  }

  private void tell(String what) {
    System.out.printf("%6.2f s  %s%n", Moment.now().nanosSince(start) / 1e9, what);
  }

  private static void end(Child worker) {
    worker.signal("CONT");
    worker.terminate();
    worker.end(END_SECONDS_MAX);
  }
}
