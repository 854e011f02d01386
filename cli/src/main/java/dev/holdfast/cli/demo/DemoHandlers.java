package dev.holdfast.cli.demo;

import dev.holdfast.Holdfast;
import dev.holdfast.JobContext;
import dev.holdfast.NodeConfig;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.Threads;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** The handlers of the demo's worker processes. */
public final class DemoHandlers {
  /** Reads a number of pages, one after the other, and saves its position. */
  static final String PAGES = "pages";

  /** Hangs at its first attempt. */
  static final String HANGS = "hangs-once";

  /** Always returns a result at its first attempt, even too late. */
  static final String ANSWERS_LATE = "answers-late";

  static final String PAGE = "page";

  /** The line that a worker prints when its acknowledgement came too late. */
  static final String REFUSED = "refused";

  /** The lease; short, so that the demo is. */
  static final Duration LEASE = Duration.ofSeconds(2);

  private static final Duration GRACE = Duration.ofMillis(500);
  private static final Duration PER_PAGE = Duration.ofMillis(150);
  private static final Duration LOOK = Duration.ofMillis(10);
  private static final Duration LATE = Duration.ofMillis(1_500);
  private static final String BEGUN = "begun";

  private DemoHandlers() {}

  /** Runs the demo's jobs in this process until the process ends. */
  public static void run(Holdfast holdfast, String name, Console console)
      throws InterruptedException {
    holdfast.handle(PAGES, Integer.class, DemoHandlers::readPages);
    holdfast.handle(HANGS, Integer.class, (payload, job) -> hangOnce(job));
    holdfast.handle(ANSWERS_LATE, Integer.class, (payload, job) -> answerLate(job));
    holdfast.onAcknowledged(
        (ends, stale) -> stale.forEach(lease -> tell(console, REFUSED + " " + lease.job())));
    holdfast.start(NodeConfig.defaults().name(name).concurrency(4).lease(LEASE).grace(GRACE));
    tell(console, "started");
    new CountDownLatch(1).await();
  }

  private static synchronized void tell(Console console, String line) {
    console.line(line);
    console.flush();
  }

  private static String readPages(int pages, JobContext job) throws InterruptedException {
    int read = job.checkpoint(PAGE, Integer.class).orElse(0);
    String way = read == 0 ? "from the first page on" : "from page " + (read + 1) + " on";
    while (read < pages) {
      Threads.pause(PER_PAGE);
      read++;
      job.checkpoint(PAGE, read);
      job.progress(100 * read / pages, "page " + read);
    }
    return "read " + way;
  }

  private static String hangOnce(JobContext job) throws InterruptedException {
    if (isFirst(job)) {
      Threads.pause(Duration.ofHours(1));
    }
    return "done at the second start";
  }

  private static String answerLate(JobContext job) {
    if (!isFirst(job)) {
      return "the successor's answer";
    }
    for (long left = LATE.toMillis(); left > 0; left -= LOOK.toMillis()) {
      try {
        Threads.pause(LOOK);
      } catch (InterruptedException deaf) {
        // it returns a result in any case
      }
    }
    return "the zombie's answer";
  }

  private static boolean isFirst(JobContext job) {
    boolean first = job.checkpoint(BEGUN, Boolean.class).isEmpty();
    job.checkpoint(BEGUN, true);
    return first;
  }
}
