package dev.holdfast.cli.each;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.Enqueued;
import dev.holdfast.Job;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue;
import dev.holdfast.JobQueue.Changed;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.PageRequest;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.handlers.exec.ExecHandler;
import dev.holdfast.handlers.exec.ExecPayload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Turns lines into jobs, in batches. The queue recognizes known items by their idempotency key, a
 * hash of the line and the number of its occurrence. Known items that have not completed are moved
 * into the queue of this pass, or awaited while the end of their old worker has not been noticed
 * yet.
 */
final class Intake {
  private static final int BATCH = 1_000;

  /** Page size; small, because a job can have a large result. */
  private static final int PAGE = 100;

  private static final int KEY_BYTES = 16;

  /**
   * The maximum length of a command, so that its JSON fits into a payload even if all of it is
   * escaped.
   */
  private static final int ARGV_CHARS_MAX = 160_000;

  /** The time for which keys are kept, longer than any run takes. */
  private static final Duration KEY_KEPT = Duration.ofDays(3_650);

  private static final Set<JobState> REVIVABLE =
      Set.of(JobState.FAILED, JobState.CANCELLED, JobState.INTERRUPTED);

  private final EachPlan plan;
  private final Template template;
  private final JobQueue queue;
  private final Run run;
  private final String pass;
  private final Tally tally;
  private final Console console;
  private final MessageDigest digest = EachPlan.sha256();
  private final List<NewJob> batch = new ArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private List<JobId> running = new ArrayList<>(); // here or elsewhere; guarded by lock

  Intake(EachPlan plan, JobQueue queue, Run run, String pass, Tally tally, Console console) {
    this.plan = plan;
    this.template = new Template(plan.command());
    this.queue = queue;
    this.run = run;
    this.pass = pass;
    this.tally = tally;
    this.console = console;
  }

  /** Reads the input to its end. */
  void readAll() throws IOException {
    Lines lines = new Lines(console.in(), plan.delimiter(), this::flush);
    try (Occurrences occurrences = new Occurrences(run.folder())) {
      for (var line = lines.next(); line.isPresent(); line = lines.next()) {
        take(line.get(), occurrences);
      }
      flush();
    }
  }

  private void take(Lines.Line line, Occurrences occurrences) throws IOException {
    if (line.mistake().isPresent()) {
      refuse(line, line.mistake().get());
      return;
    }
    if (line.text().isEmpty() && plan.delimiter() == '\n') {
      return;
    }
    List<String> argv = template.argv(line.text(), line.number());
    if (argv.stream().mapToLong(String::length).sum() > ARGV_CHARS_MAX) {
      refuse(line, "makes the command longer than %,d characters".formatted(ARGV_CHARS_MAX));
      return;
    }
    byte[] hash = digest.digest(line.text().getBytes(UTF_8));
    long occurrence = occurrences.count(ByteBuffer.wrap(hash).getLong());
    String key = HexFormat.of().formatHex(hash, 0, KEY_BYTES) + "#" + occurrence;
    batch.add(job(line, argv, key));
    if (batch.size() == BATCH) {
      flush();
    }
  }

  private void refuse(Lines.Line line, String mistake) {
    tally.refused();
    console.say("line %d %s: not run".formatted(line.number(), mistake));
  }

  private NewJob job(Lines.Line line, List<String> argv, String key) {
    NewJob job =
        NewJob.of(ExecHandler.TYPE, ExecPayload.of(argv, plan.folder().toString()))
            .on(pass)
            .group(run.id())
            .unique(key)
            .keepKey(KEY_KEPT)
            .maxAttempts(1 + plan.retries())
            .createdBy(Run.ACTOR)
            .metadata(Map.of(Item.NUMBER, line.number()));
    return plan.timeout().map(job::timeout).orElse(job);
  }

  /** Enqueues the items read so far. */
  private void flush() {
    List<JobId> known = new ArrayList<>();
    for (Enqueued answer : queue.enqueue(batch)) {
      if (answer.duplicate()) {
        known.add(answer.id());
      }
    }
    tally.queued(batch.size() - known.size());
    batch.clear();
    for (int from = 0; from < known.size(); from += PAGE) {
      revive(known.subList(from, Math.min(known.size(), from + PAGE)), true);
    }
  }

  /** Moves the jobs that have not completed into this pass. */
  private void revive(List<JobId> ids, boolean isFirstLook) {
    JobFilter open = JobFilter.ids(ids).states(Run.NOT_COMPLETED);
    List<Job> left = queue.list(open, PageRequest.first(ids.size())).items();
    int completed = ids.size() - left.size();
    if (isFirstLook) {
      tally.skipped(completed);
    } else {
      tally.completedElsewhere(completed);
    }
    List<JobId> ended = new ArrayList<>();
    List<JobId> ready = new ArrayList<>();
    for (Job job : left) {
      if (REVIVABLE.contains(job.state())) {
        ended.add(job.id());
      } else if (job.state() != JobState.RUNNING) {
        ready.add(job.id());
      }
    }
    for (Changed retried : queue.retry(ended, Run.ACTOR)) {
      if (retried.done()) {
        ready.add(retried.id());
      }
    }
    Set<JobId> moved = new HashSet<>();
    for (Changed change : queue.move(ready, pass)) {
      if (change.done()) {
        moved.add(change.id());
      }
    }
    tally.resumed(moved.size());
    List<JobId> still = left.stream().map(Job::id).filter(id -> !moved.contains(id)).toList();
    lock.lock();
    try {
      running.addAll(still);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Checks items again that were running elsewhere: jobs of killed workers return to the queue
   * within a moment, those of live ones once they have ended.
   *
   * @return whether there are still some
   */
  boolean lookAgain() {
    List<JobId> before = takeRunning();
    for (int from = 0; from < before.size(); from += PAGE) {
      revive(before.subList(from, Math.min(before.size(), from + PAGE)), false);
    }
    lock.lock();
    try {
      return !running.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  private List<JobId> takeRunning() {
    lock.lock();
    try {
      List<JobId> taken = running;
      running = new ArrayList<>();
      return taken;
    } finally {
      lock.unlock();
    }
  }
}
