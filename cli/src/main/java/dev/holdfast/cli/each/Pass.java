package dev.holdfast.cli.each;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.HandlerPolicy;
import dev.holdfast.Holdfast;
import dev.holdfast.Job;
import dev.holdfast.JobFilter;
import dev.holdfast.JobState;
import dev.holdfast.Page;
import dev.holdfast.PageRequest;
import dev.holdfast.check.Durations;
import dev.holdfast.cli.each.Tally.Counts;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.cli.terminal.SignalStop;
import dev.holdfast.cli.terminal.Signals;
import dev.holdfast.cli.terminal.Text;
import dev.holdfast.cli.terminal.Threads;
import dev.holdfast.error.StorageException;
import dev.holdfast.handlers.exec.ExecHandler;
import dev.holdfast.handlers.exec.ExecPayload;
import dev.holdfast.handlers.exec.Spool;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One invocation of {@code each}: reads the input into a queue of its own while a node runs the
 * jobs of that queue and a printer prints their output. It ends when the input has ended and all
 * jobs of the queue have finished.
 */
public final class Pass {
  private static final Duration LOOK_INTERVAL = Duration.ofMillis(250);
  private static final Duration PRINTING_MAX_AT_STOP = Duration.ofSeconds(5);
  private static final int COUNT_PAGE = 100;
  private static final Duration PRINTING_MAX = Duration.ofDays(365);

  private final EachPlan plan;
  private final Holdfast holdfast;
  private final Run run;
  private final Console console;
  private final Tally tally = new Tally();
  private final String queue;
  private final long startedTicks;
  private final ProgressBar bar;
  private final Printer printer;
  private final Intake intake;
  private final SignalStop stop;
  private final AtomicBoolean isSummarized = new AtomicBoolean();
  private final ExecHandler commands;

  private Pass(EachPlan plan, Holdfast holdfast, Run run, Console given, Consumer<Integer> halt) {
    this.plan = plan;
    this.holdfast = holdfast;
    this.run = run;
    startedTicks = given.time().ticks();
    bar = new ProgressBar(given, tally);
    console = given.err(bar);
    queue = run.newPass();
    commands =
        new ExecHandler(
            job -> Spool.kept(run.spool(), job.id(), job.token()), plan.allowed(), given.time());
    printer =
        new Printer(
            console,
            bar,
            holdfast.queue(),
            run.spool(),
            plan.outputFolder(),
            tally,
            this::outputLost);
    intake = new Intake(plan, holdfast.queue(), run, queue, tally, console);
    stop =
        new SignalStop(
            holdfast, commands, plan.node().grace(), true, console, this::endAtSignal, halt);
  }

  /**
   * Executes {@code plan}.
   *
   * @param holdfast not started
   * @param home the folder next to the database
   * @param halt ends the process on a signal
   * @return the exit code
   */
  public static int run(
      EachPlan plan, Holdfast holdfast, Path home, Console console, Consumer<Integer> halt)
      throws InterruptedException {
    try (Run run = Run.open(home, plan, holdfast.queue(), console.time().now())) {
      return new Pass(plan, holdfast, run, console, halt).run();
    }
  }

  private int run() throws InterruptedException {
    if (run.isContinued()) {
      console.say("continues the run " + run.id() + " (--fresh begins a new one)");
    }
    if (run.isOfOtherCommand()) {
      console.say("the run was begun with another command: its unfinished items run with that one");
    }
    try (Signals signals = Signals.handle(stop)) {
      printLeft();
      work();
      return end();
    } catch (RuntimeException failure) {
      stop.awaitHalt();
      holdfast.close();
      printer.finish(false, PRINTING_MAX_AT_STOP);
      summarize();
      throw failure;
    } finally {
      holdfast.close();
    }
  }

  /** Prints output that an earlier invocation could not print before it was killed. */
  private void printLeft() {
    try {
      printer.printAllLeft();
    } catch (IOException failure) {
      outputLost(failure);
      stop.awaitHalt();
    }
  }

  private void work() throws InterruptedException {
    holdfast.handle(ExecHandler.TYPE, ExecPayload.class, commands, HandlerPolicy.defaults());
    holdfast.onAcknowledged(printer::acknowledged);
    printer.start();
    holdfast.start(plan.node().queues(queue));
    CompletableFuture<@Nullable Void> reading = Threads.call("input", this::read);
    boolean isOpen = true;
    while (isOpen) {
      tally.awaitEnd(LOOK_INTERVAL);
      boolean isRead = hasBeenRead(reading);
      boolean hasStragglers = intake.lookAgain();
      isOpen = !isRead || hasStragglers || !(tally.counts().haveEnded() || isOver());
      if (hasStragglers) {
        tally.awaitChange(LOOK_INTERVAL);
      }
    }
  }

  /**
   * Asks the queue, because other processes can run or cancel its jobs, too; but only when nothing
   * runs here, as the query may have to read all items.
   */
  private boolean isOver() {
    JobFilter unfinished = JobFilter.all().group(run.id()).queue(queue).states(Run.UNFINISHED);
    return commands.running().isEmpty()
        && holdfast.queue().list(unfinished, PageRequest.first(1)).items().isEmpty();
  }

  private @Nullable Void read() throws IOException {
    try {
      intake.readAll();
    } finally {
      tally.inputRead();
    }
    return null;
  }

  private static boolean hasBeenRead(CompletableFuture<@Nullable Void> reading)
      throws InterruptedException {
    try {
      if (reading.isDone()) {
        reading.get();
      }
      return reading.isDone();
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof IOException unreadable) {
        throw new StorageException("the input cannot be read: " + unreadable, unreadable);
      }
      if (failure.getCause() instanceof RuntimeException known) {
        throw known;
      }
      throw new IllegalStateException("reading the input failed: a bug", failure);
    }
  }

  private int end() throws InterruptedException {
    printer.finish(true, PRINTING_MAX);
    stop.awaitHalt();
    long cancelled = 0;
    if (tally.counts().ended() != tally.counts().expected()) {
      tally.recount(count(inPass(JobState.COMPLETED)), count(inPass(JobState.FAILED)));
      cancelled = count(inPass(JobState.CANCELLED, JobState.INTERRUPTED));
    }
    long absent = run.isContinued() ? countAbsent() : 0;
    report(cancelled, absent);
    holdfast.close();
    boolean isRight = tally.counts().failures() + cancelled == 0;
    if (isRight && absent == 0) {
      run.complete();
    }
    summarize();
    return isRight ? ExitCodes.OK : ExitCodes.FAILED;
  }

  private JobFilter inPass(JobState first, JobState... others) {
    return JobFilter.in(first, others).group(run.id()).queue(queue);
  }

  private long count(JobFilter filter) {
    return count(filter, job -> true);
  }

  private long countAbsent() {
    JobFilter left = JobFilter.all().group(run.id()).states(Run.NOT_COMPLETED);
    return count(left, job -> !job.queue().equals(queue));
  }

  private long count(JobFilter filter, Predicate<Job> wanted) {
    long count = 0;
    Optional<PageRequest> request = Optional.of(PageRequest.first(COUNT_PAGE));
    while (request.isPresent()) {
      Page<Job> page = holdfast.queue().list(filter, request.get());
      count += page.items().stream().filter(wanted).count();
      request = page.next().map(PageRequest.first(COUNT_PAGE)::after);
    }
    return count;
  }

  private void report(long cancelled, long absent) {
    long skipped = tally.counts().skipped();
    if (skipped > 0) {
      console.say(Text.count(skipped, "item") + " had completed before and did not run again");
    }
    if (cancelled > 0) {
      console.say(Text.count(cancelled, "item") + " was cancelled or held");
    }
    if (absent > 0) {
      console.say(
          Text.count(absent, "unfinished item")
              + " of the run not in this input: not run (holdfast list --group "
              + run.id()
              + ")");
    }
  }

  /** Prints the summary. */
  private void summarize() {
    if (isSummarized.compareAndSet(false, true)) {
      Counts counts = tally.counts();
      Duration time = Duration.ofNanos(console.time().ticks() - startedTicks);
      String line =
          "completed %d, failed %d, resumed %d, in %s\n"
              .formatted(
                  counts.completed(), counts.failures(), counts.resumed(), Durations.format(time));
      try {
        bar.hide();
        bar.write(line.getBytes(UTF_8));
        bar.flush();
      } catch (IOException nobodyListens) {
        // there is nowhere else to report it
      }
    }
  }

  /**
   * Finishes after the node has ended; output that cannot be printed in time is left to the next
   * invocation.
   */
  private void endAtSignal() {
    try {
      printer.finish(false, PRINTING_MAX_AT_STOP);
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
    }
    Counts counts = tally.counts();
    if (counts.ended() < counts.expected()) {
      console.say(
          Text.count(counts.expected() - counts.ended(), "item")
              + " left: the same command continues from here");
    }
    summarize();
    run.close();
  }

  private void outputLost(IOException failure) {
    boolean isClosed = String.valueOf(failure.getMessage()).contains("Broken pipe");
    stop.stop(
        "the output cannot be written (%s); the same command continues from here"
            .formatted(failure.getMessage()),
        isClosed ? ExitCodes.PIPE_CLOSED : ExitCodes.IO,
        true);
  }
}
