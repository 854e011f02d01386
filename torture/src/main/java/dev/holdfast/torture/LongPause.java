package dev.holdfast.torture;

import dev.holdfast.Holdfast;
import dev.holdfast.Job;
import dev.holdfast.JobEvent;
import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import dev.holdfast.torture.actors.WorkerProgram;
import dev.holdfast.torture.evidence.Behaviour;
import dev.holdfast.torture.evidence.Effect;
import dev.holdfast.torture.evidence.Work;
import dev.holdfast.torture.host.Child;
import dev.holdfast.torture.host.LineFile.Durability;
import dev.holdfast.torture.host.Moment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Suspends one worker for longer than its lease while it holds a job. Another one takes over and
 * completes the job; then the first one resumes and acknowledges too late.
 */
public final class LongPause implements Scenario {
  private static final Duration LEASE = Duration.ofSeconds(2);
  private static final long END_SECONDS_MAX = 30;

  /** Ignores interruption, and runs long enough to be suspended before it has ended. */
  private static final Work STUBBORN = new Work(5_000, 1, 0, true);

  private final Moment start = Moment.now();

  /** Runs the command. */
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
      JobId job = holdfast.enqueue(NewJob.of(Behaviour.COMPLETE.type(), STUBBORN)).id();
      await(folder, "first", Effect.Kind.BEGIN);
      first.signal("STOP");
      tell("the first worker has started the job and is suspended");

      second = WorkerProgram.start("second", settings, List.of());
      Effect begin = await(folder, "second", Effect.Kind.BEGIN);
      tell("the second worker has taken over, with token " + begin.token());
      await(folder, "second", Effect.Kind.ACCEPTED);
      tell("its completion was accepted");

      first.signal("CONT");
      Effect stale = await(folder, "first", Effect.Kind.STALE);
      tell(
          "the first worker resumed, and its completion with token "
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
    for (JobEvent event : holdfast.queue().events(id)) {
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
