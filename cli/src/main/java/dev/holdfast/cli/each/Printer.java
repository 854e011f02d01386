package dev.holdfast.cli.each;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.holdfast.Failure;
import dev.holdfast.Job;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue;
import dev.holdfast.JobState;
import dev.holdfast.PageRequest;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.Text;
import dev.holdfast.cli.terminal.Threads;
import dev.holdfast.handlers.exec.Spool;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.Transition;
import java.io.BufferedOutputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Prints the output of items, each in one piece, once their end is durable, and then deletes their
 * files. It has a thread of its own, so that a slow reader of our output delays nothing else. If it
 * cannot keep up, it discards the notifications and reads the files later; in the same way it finds
 * output that an earlier invocation, or another worker, left to be printed.
 */
final class Printer {
  private static final int MEMORY_MAX = 10_000;
  private static final int BATCH = 64;
  private static final Duration IDLE = Duration.ofMillis(100);
  private static final int FAILURE_CHARS_MAX = 1_000;

  private final ProgressBar bar;
  private final LineEnd lineEnd;
  private final OutputStream out;
  private final OutputStream err;
  private final JobQueue queue;
  private final Path spool;
  private final Optional<Path> outputFolder;
  private final Tally tally;
  private final Consumer<IOException> onLost;
  private final BlockingQueue<Ended> ended = new ArrayBlockingQueue<>(MEMORY_MAX);
  private volatile boolean hasForgotten;
  private @Nullable Thread thread; // the thread that starts and finishes it only

  /** The end of an attempt, or of all attempts if it has no name. */
  private record Ended(Spool.@Nullable Name name, Kind kind) {}

  private enum Kind {
    COMPLETED,
    FAILED,
    DISCARDED,
    LAST,
    LAST_WITH_ALL_LEFT
  }

  /**
   * Creates a printer for the files in {@code spool}.
   *
   * @param console with the bar as its standard error
   * @param onLost called on the printer's thread when our output cannot be written; nothing more is
   *     printed then
   */
  Printer(
      Console console,
      ProgressBar bar,
      JobQueue queue,
      Path spool,
      Optional<Path> outputFolder,
      Tally tally,
      Consumer<IOException> onLost) {
    this.bar = bar;
    this.lineEnd = new LineEnd(console.out());
    this.out = new BufferedOutputStream(lineEnd, 1 << 16);
    this.err = new BufferedOutputStream(bar, 1 << 16);
    this.queue = queue;
    this.spool = spool;
    this.outputFolder = outputFolder;
    this.tally = tally;
    this.onLost = onLost;
  }

  /** Receives ends that have become durable, on a thread of the engine. */
  void acknowledged(List<Acknowledgement> acknowledgements, List<Lease> stale) {
    Set<Lease> discarded = new HashSet<>(stale);
    long completed = 0;
    long failed = 0;
    for (Acknowledgement end : acknowledgements) {
      Kind kind = discarded.contains(end.lease()) ? Kind.DISCARDED : kind(end.transition().kind());
      completed += kind == Kind.COMPLETED ? 1 : 0;
      failed += kind == Kind.FAILED ? 1 : 0;
      Spool.Name name = new Spool.Name(end.lease().job(), end.lease().token());
      if (!ended.offer(new Ended(name, kind))) {
        hasForgotten = true;
      }
    }
    tally.ended(completed, failed);
  }

  private static Kind kind(Transition.Kind transition) {
    return switch (transition) {
      case COMPLETE -> Kind.COMPLETED;
      case FAIL -> Kind.FAILED;
      case RETRY, SNOOZE, AWAIT, SLEEP, SUSPEND, RELEASE, HOLD -> Kind.DISCARDED;
    };
  }

  /** Starts printing. */
  void start() {
    thread = Threads.start("printer", this::run);
  }

  private void run() {
    try {
      List<Ended> some = new ArrayList<>();
      do {
        some.clear();
        Ended first = ended.poll(IDLE.toMillis(), TimeUnit.MILLISECONDS);
        if (first == null) {
          printForgotten();
        } else {
          some.add(first);
          ended.drainTo(some, BATCH - 1);
          print(some);
        }
        if (lineEnd.isReached) {
          bar.tick(); // which would wipe out the beginning of a line
        }
      } while (some.isEmpty() || some.get(some.size() - 1).name() != null);
      bar.hide();
    } catch (IOException failure) {
      onLost.accept(failure);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  private void printForgotten() throws IOException {
    if (hasForgotten) {
      hasForgotten = false;
      printAllLeft();
    }
  }

  /**
   * Prints the remaining output, and ends.
   *
   * @param withAllLeft whether to include files of other workers
   * @param limit the maximum time for this
   */
  void finish(boolean withAllLeft, Duration limit) throws InterruptedException {
    Ended last = new Ended(null, withAllLeft ? Kind.LAST_WITH_ALL_LEFT : Kind.LAST);
    if (thread != null && ended.offer(last, limit.toMillis(), TimeUnit.MILLISECONDS)) {
      thread.join(limit.toMillis());
    }
  }

  private void print(List<Ended> some) throws IOException {
    bar.hide();
    Map<JobId, Job> jobs = jobs(some.stream().filter(this::needsJob).map(Printer::name).toList());
    List<Spool.Name> printed = new ArrayList<>();
    for (Ended end : some) {
      if (end.kind() == Kind.COMPLETED || end.kind() == Kind.FAILED) {
        print(name(end), Optional.ofNullable(jobs.get(name(end).job())));
      }
      if (end.name() != null) {
        printed.add(end.name());
      }
    }
    flushAndDelete(printed);
    Kind newest = some.get(some.size() - 1).kind();
    if (newest == Kind.LAST_WITH_ALL_LEFT || (newest == Kind.LAST && hasForgotten)) {
      printAllLeft();
    }
  }

  private static Spool.Name name(Ended end) {
    return requireNonNull(end.name());
  }

  private boolean needsJob(Ended end) {
    return end.kind() == Kind.FAILED || (end.kind() == Kind.COMPLETED && outputFolder.isPresent());
  }

  private Map<JobId, Job> jobs(List<Spool.Name> names) {
    if (names.isEmpty()) {
      return Map.of();
    }
    List<JobId> ids = names.stream().map(Spool.Name::job).distinct().toList();
    Map<JobId, Job> jobs = new HashMap<>();
    queue
        .list(JobFilter.ids(ids), PageRequest.first(ids.size()))
        .items()
        .forEach(job -> jobs.put(job.id(), job));
    return jobs;
  }

  /** Prints the files of all attempts that have ended, and deletes obsolete ones. */
  void printAllLeft() throws IOException {
    List<Spool.Name> names = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(spool)) {
      for (Path file : files) {
        Spool.Name.of(file).ifPresent(names::add);
        if (names.size() == BATCH) {
          printLeft(names);
          names.clear();
        }
      }
    }
    printLeft(names);
  }

  private void printLeft(List<Spool.Name> names) throws IOException {
    bar.hide();
    Map<JobId, Job> jobs = jobs(names);
    List<Spool.Name> done = new ArrayList<>();
    for (Spool.Name name : names) {
      Optional<Job> job = Optional.ofNullable(jobs.get(name.job()));
      boolean isNewest = job.filter(found -> found.token() == name.token()).isPresent();
      JobState state = job.map(Job::state).orElse(JobState.CANCELLED);
      if (isNewest && (state == JobState.COMPLETED || state == JobState.FAILED)) {
        print(name, job);
      }
      if (!isNewest || state != JobState.RUNNING) {
        done.add(name);
      }
    }
    flushAndDelete(done);
  }

  private void print(Spool.Name name, Optional<Job> job) throws IOException {
    File output = name.out(spool).toFile();
    File messages = name.err(spool).toFile();
    if (!output.exists()) {
      return; // it was printed before
    }
    if (outputFolder.isPresent() && job.isPresent()) {
      String fileName = Item.fileName(job.get());
      file(output, outputFolder.get().resolve(fileName + ".out"));
      file(messages, outputFolder.get().resolve(fileName + ".err"));
    } else {
      copy(output, out);
      copy(messages, err);
    }
    if (job.isPresent() && job.get().state() == JobState.FAILED) {
      err.write(failure(job.get()).getBytes(UTF_8));
    }
  }

  private static String failure(Job job) {
    String message = job.failure().map(Failure::message).orElse("it failed");
    return "holdfast: line %d failed (job %s): %s%n"
        .formatted(Item.number(job), job.id(), Text.brief(message, FAILURE_CHARS_MAX));
  }

  private static void copy(File file, OutputStream to) throws IOException {
    if (file.length() == 0) {
      return;
    }
    try (InputStream content = new FileInputStream(file)) {
      content.transferTo(to);
    }
  }

  /** Writes the file atomically: a reader never sees a part of it. */
  private static void file(File file, Path target) throws IOException {
    Path part = target.resolveSibling("." + target.getFileName() + ".part");
    try (InputStream content = new FileInputStream(file)) {
      Files.copy(content, part, StandardCopyOption.REPLACE_EXISTING);
    }
    Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private void flushAndDelete(List<Spool.Name> names) throws IOException {
    out.flush();
    err.flush();
    for (Spool.Name name : names) {
      name.delete(spool);
    }
  }

  /** Tracks whether the last line is complete. */
  private static final class LineEnd extends FilterOutputStream {
    private boolean isReached = true;

    private LineEnd(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
      isReached = length == 0 ? isReached : bytes[offset + length - 1] == '\n';
    }
  }
}
