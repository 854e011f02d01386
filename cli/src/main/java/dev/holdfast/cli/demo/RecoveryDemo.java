package dev.holdfast.cli.demo;

import dev.holdfast.Holdfast;
import dev.holdfast.Job;
import dev.holdfast.JobEvent;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.MonitorConfig.Action;
import dev.holdfast.NewJob;
import dev.holdfast.check.Durations;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.Table;
import dev.holdfast.cli.terminal.Threads;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Shows how the queue handles four faults: a planned stop, a crash, a job that hangs, and a process
 * that is suspended for longer than its lease and comes back.
 */
public final class RecoveryDemo {
  private static final int PAGES = 12;
  private static final Duration LOOK = Duration.ofMillis(20);
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Console console;
  private final Holdfast holdfast;
  private final List<String> program;
  private final Path database;
  private final Path log;
  private final List<DemoWorker> workers = new ArrayList<>();

  /**
   * Creates a demo with its own queue.
   *
   * @param program the Java command and the class path for worker processes
   * @param log takes the workers' log lines
   */
  public RecoveryDemo(
      Console console, Holdfast holdfast, List<String> program, Path database, Path log) {
    this.console = console;
    this.holdfast = holdfast;
    this.program = program;
    this.database = database;
    this.log = log;
  }

  /**
   * Runs the whole demo.
   *
   * @throws DemoFailedException if the queue did not behave as described
   */
  public void run() throws IOException, InterruptedException {
    try {
      showGracefulStop();
      showCrash();
      showStuckJob();
      showZombie();
    } finally {
      workers.forEach(DemoWorker::close);
    }
  }

  private void showGracefulStop() throws IOException, InterruptedException {
    title("1. A planned stop (SIGTERM)");
    DemoWorker first = startWorker("ada");
    JobId id = enqueue(NewJob.of(DemoHandlers.PAGES, PAGES));
    await("three pages were read", () -> page(id) >= 3);
    tell(
        "worker 'ada' (process %d) has read %d of %d pages; SIGTERM"
            .formatted(first.pid(), page(id), PAGES));
    first.signal("TERM");
    first.awaitEnd();
    Job stopped = job(id);
    check(
        stopped.state() == JobState.PENDING && stopped.attempt() == 0,
        "it is back in the queue, unchanged");
    tell(
        "it shut down in order: the job is %s, attempts used up: 0, page %d is saved"
            .formatted(stopped.state(), page(id)));
    startWorker("grace");
    Job done = completed(id);
    tell(
        "worker 'grace' continued: %s, attempt %d, %s"
            .formatted(done.state(), done.attempt(), done.result().orElse("")));
  }

  private void showCrash() throws IOException, InterruptedException {
    title("2. A crash (kill -9)");
    startWorker("edith");
    JobId id = enqueue(NewJob.of(DemoHandlers.PAGES, PAGES));
    await("three pages were read", () -> page(id) >= 3);
    DemoWorker victim = holder(id);
    long before = job(id).token();
    tell(
        "worker '%s' (process %d) has read %d pages; kill -9"
            .formatted(victim.name(), victim.pid(), page(id)));
    victim.signal("KILL");
    Instant killed = console.time().now();
    await("it runs again", () -> isRunningAgain(id, before));
    Duration took = Duration.between(killed, job(id).startedAt().orElse(killed));
    tell("worker '%s' runs it %.2f s later".formatted(holder(id).name(), took.toMillis() / 1e3));
    Job done = completed(id);
    check(done.crashes() == 1, "one crash is counted");
    tell(
        "%s, %s; crashes counted: %d, attempts used up: %d"
            .formatted(done.state(), done.result().orElse(""), done.crashes(), done.attempt()));
    tell("its history:");
    printHistory(id);
  }

  private void showStuckJob() throws InterruptedException {
    title("3. A job that hangs");
    JobId id = enqueue(NewJob.of(DemoHandlers.HANGS, 1));
    await("it runs", () -> !holdfast.queue().checkpoints(id).isEmpty());
    tell(
        "it runs and does not finish; the command 'holdfast recover --timeout MINUTES' takes such"
            + " jobs from their node");
    List<JobId> taken =
        holdfast
            .queue()
            .maintenance()
            .recoverStuck(Duration.ZERO, JobFilter.ids(List.of(id)), Action.RETRY, 1, "demo");
    check(taken.equals(List.of(id)), "the job was taken");
    Job done = completed(id);
    tell(
        "taken; its handler was interrupted, and its result is now refused. %s: %s"
            .formatted(done.state(), done.result().orElse("")));
  }

  private void showZombie() throws IOException, InterruptedException {
    title("4. A zombie: a process that is suspended for longer than its lease, and comes back");
    startWorker("mary");
    JobId id = enqueue(NewJob.of(DemoHandlers.ANSWERS_LATE, 1));
    await("it runs", () -> !holdfast.queue().checkpoints(id).isEmpty());
    DemoWorker zombie = holder(id);
    zombie.signal("STOP");
    tell(
        "worker '%s' (process %d) is suspended while it runs the job; its lease is %s"
            .formatted(zombie.name(), zombie.pid(), Durations.write(DemoHandlers.LEASE)));
    Job done = completed(id);
    tell(
        "another worker took over when the lease expired: %s, %s"
            .formatted(done.state(), done.result().orElse("")));
    zombie.signal("CONT");
    zombie.awaitLine(DemoHandlers.REFUSED + " " + id);
    Job after = job(id);
    check(after.equals(done), "nothing was overwritten");
    tell(
        "worker '%s' woke up and acknowledged the job, too: refused, as its fencing token is old. The result is still %s"
            .formatted(zombie.name(), after.result().orElse("")));
    tell("its history:");
    printHistory(id);
  }

  private DemoWorker startWorker(String name) throws IOException, InterruptedException {
    DemoWorker worker = DemoWorker.start(name, program, database, log);
    workers.add(worker);
    return worker;
  }

  private JobId enqueue(NewJob job) {
    JobId id = holdfast.enqueue(job.createdBy("demo")).id();
    tell("job %s of type '%s' enqueued".formatted(id, job.type()));
    return id;
  }

  private Job job(JobId id) {
    return holdfast.find(id).orElseThrow(() -> new DemoFailedException("there is no job " + id));
  }

  private int page(JobId id) {
    return Integer.parseInt(holdfast.queue().checkpoints(id).getOrDefault(DemoHandlers.PAGE, "0"));
  }

  private boolean isRunningAgain(JobId id, long before) {
    Job job = job(id);
    return job.token() > before && job.startedAt().isPresent();
  }

  private DemoWorker holder(JobId id) {
    Optional<Long> process = job(id).holder().map(Job.Holder::processId);
    return workers.stream()
        .filter(worker -> process.equals(Optional.of(worker.pid())))
        .findFirst()
        .orElseThrow(() -> new DemoFailedException("no node holds job " + id));
  }

  private Job completed(JobId id) throws InterruptedException {
    try {
      Job job = holdfast.await(id, PATIENCE).get(2, TimeUnit.MINUTES);
      check(job.state() == JobState.COMPLETED, "job %s completed".formatted(id));
      return job;
    } catch (ExecutionException | TimeoutException failure) {
      throw new DemoFailedException("job %s did not complete: %s".formatted(id, failure));
    }
  }

  private void await(String what, Supplier<Boolean> condition) throws InterruptedException {
    long deadline = console.time().ticks() + PATIENCE.toNanos();
    while (!condition.get()) {
      check(console.time().ticks() - deadline < 0, what);
      Threads.pause(LOOK);
    }
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new DemoFailedException("expected that " + what + ", which is not so");
    }
  }

  private void printHistory(JobId id) {
    Table table = new Table("  WHEN", "STATE", "ATTEMPT", "WHY");
    for (JobEvent event : holdfast.queue().events(id)) {
      table.add(
          "  " + event.at().toString(),
          event.to().name(),
          Integer.toString(event.attempt()),
          event.why());
    }
    table.print(console);
    console.flush();
  }

  private void title(String text) {
    console.line("");
    console.line(text);
    console.flush();
  }

  private void tell(String text) {
    console.line("  " + text);
    console.flush();
  }
}
