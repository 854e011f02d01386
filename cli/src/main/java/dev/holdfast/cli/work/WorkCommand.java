package dev.holdfast.cli.work;

import dev.holdfast.Holdfast;
import dev.holdfast.Job;
import dev.holdfast.JobFilter;
import dev.holdfast.JobState;
import dev.holdfast.NodeConfig;
import dev.holdfast.Page;
import dev.holdfast.PageRequest;
import dev.holdfast.Requirements;
import dev.holdfast.cli.log.LogUse;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.cli.terminal.SignalStop;
import dev.holdfast.cli.terminal.Signals;
import dev.holdfast.config.Configuration;
import dev.holdfast.config.Settings;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.handlers.exec.ExecHandler;
import dev.holdfast.spi.Transition;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code holdfast work}. */
@Command(
    name = "work",
    header = "Runs jobs of the built-in types 'exec' and 'http' until it is told to stop.",
    description = {
      "%nThe payload of an exec job is {\"argv\": [\"program\", \"argument\", …], \"cwd\"?,"
          + " \"env\"?, \"stdin\"?}; there is no shell. Its result is {\"exit_code\", \"stdout\","
          + " \"stderr\", \"truncated\"} with the last 64 KiB of each. An exit code other than 0"
          + " fails the attempt. The command sees HOLDFAST_JOB and HOLDFAST_TOKEN in its"
          + " environment.",
      "%nThe payload of an http job is {\"url\", \"method\"?, \"headers\"?, \"body\"?,"
          + " \"timeout\"?, \"expect\"?}. Its result is {\"status\", \"headers\", \"body\","
          + " \"truncated\", \"millis\"}. 408, 425, 429, 5xx and a failing network fail the"
          + " attempt, any other status but 2xx fails the job. The request carries the job's id as"
          + " Idempotency-Key.",
      "%nSIGTERM, SIGINT and SIGHUP: no more jobs are taken, running ones may go on for the"
          + " grace period and are ended then (TERM, after 5 s KILL); their jobs go back without"
          + " using up an attempt. A second signal kills them."
    })
public final class WorkCommand implements Callable<Integer> {
  private static final int PAGE = 100;
  private static final Duration LOOK_INTERVAL = Duration.ofMillis(250);

  private final DbOption db;
  private final Console console;
  private final Consumer<Integer> halt;
  private final Semaphore ends = new Semaphore(0);
  private final AtomicLong completed = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicLong discarded = new AtomicLong();

  @Mixin private WorkerOptions worker = new WorkerOptions();

  @Option(
      names = "--until-empty",
      description =
          "Ends when no such job is pending, running, or waiting for a retry; those that require"
              + " what this worker lacks don't count. The exit code is 1 if any failed here.")
  private boolean isUntilEmpty;

  public WorkCommand(DbOption db, Console console, Consumer<Integer> halt) {
    this.db = db;
    this.console = console;
    this.halt = halt;
  }

  @Override
  public Integer call() throws InterruptedException {
    Configuration configuration = db.configure(worker.flags(), LogUse.SERVICE);
    Settings settings = configuration.settings();
    NodeConfig node = settings.node();
    try (Holdfast holdfast = db.open(worker.failsFast())) {
      Set<String> trusted = BuiltInHandlers.trusted(db, configuration);
      BuiltInHandlers handlers = new BuiltInHandlers(db, settings, trusted, console.time());
      Set<String> types = handlers.types();
      if (types.isEmpty()) {
        throw new InvalidRequestException(
            "anyone who can write to this database would decide what runs here: name the programs"
                + " that may with --allow-exec, and the URLs that may be called with --allow-http;"
                + " '*' is for all");
      }
      ExecHandler commands = handlers.addTo(holdfast);
      holdfast.onAcknowledged(
          (acknowledgements, stale) -> {
            discarded.addAndGet(stale.size());
            acknowledgements.stream()
                .filter(end -> !stale.contains(end.lease()))
                .forEach(end -> count(end.transition().kind()));
            ends.release();
          });
      FileScheduleReport.declare(configuration, holdfast, console);
      Banner banner =
          Banner.begin("work", configuration, db, node, Optional.empty(), console.time());
      Runnable last =
          () -> {
            summarize();
            banner.end();
          };
      SignalStop stop =
          new SignalStop(holdfast, commands, node.grace(), false, console, last, halt);
      try (Signals signals = Signals.handle(stop)) {
        holdfast.start(node);
        while (!holdfast.isClosed()
            && (!isUntilEmpty || commands.running().size() > 0 || hasWork(holdfast, node, types))) {
          ends.tryAcquire(LOOK_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        }
      } finally {
        stop.awaitHalt();
      }
      holdfast.close();
      last.run();
    }
    return failed.get() > 0 ? ExitCodes.FAILED : ExitCodes.OK;
  }

  private void count(Transition.Kind end) {
    if (end == Transition.Kind.COMPLETE) {
      completed.incrementAndGet();
    } else if (end == Transition.Kind.FAIL) {
      failed.incrementAndGet();
    }
  }

  private void summarize() {
    String last = discarded.get() == 0 ? "" : ", discarded %d".formatted(discarded.get());
    console.say("completed %d, failed %d%s".formatted(completed.get(), failed.get(), last));
  }

  private static boolean hasWork(Holdfast holdfast, NodeConfig node, Set<String> types) {
    List<Optional<String>> served =
        node.queues().isEmpty()
            ? List.of(Optional.empty())
            : node.queues().stream().map(Optional::of).toList();
    return served.stream()
        .anyMatch(queue -> types.stream().anyMatch(type -> hasWork(holdfast, node, queue, type)));
  }

  /** One look at all three states: a job that goes from one to the next is in none of three. */
  private static boolean hasWork(
      Holdfast holdfast, NodeConfig node, Optional<String> queue, String type) {
    JobFilter filter =
        JobFilter.in(JobState.RUNNING, JobState.PENDING, JobState.SCHEDULED).type(type);
    filter = queue.map(filter::queue).orElse(filter);
    Optional<PageRequest> request = Optional.of(PageRequest.first(PAGE));
    while (request.isPresent()) {
      Page<Job> page = holdfast.queue().list(filter, request.get());
      if (page.items().stream().anyMatch(job -> isWork(job, node))) {
        return true;
      }
      request = page.next().map(PageRequest.first(PAGE)::after);
    }
    return false;
  }

  /**
   * Returns true if this worker has to run the job before it can end. A job that waits for its time
   * is no work unless it is a retry; neither is a job that requires what this worker lacks.
   */
  private static boolean isWork(Job job, NodeConfig node) {
    boolean isDue = job.state() != JobState.SCHEDULED || job.failure().isPresent();
    return isDue
        && job.requires()
            .map(Requirements::parse)
            .map(asked -> asked.filter(all -> all.areMetBy(node.capabilities())).isPresent())
            .orElse(true);
  }
}
