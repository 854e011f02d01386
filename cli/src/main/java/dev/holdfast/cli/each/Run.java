package dev.holdfast.cli.each;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.JobFilter;
import dev.holdfast.JobQueue;
import dev.holdfast.JobState;
import dev.holdfast.PageRequest;
import dev.holdfast.cli.terminal.PrivateFiles;
import dev.holdfast.error.BusyException;
import dev.holdfast.error.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A run: the items of one input, processed by one command in as many passes as needed. In the
 * database it is a group of jobs, {@code each-<base>@<time>}, and each pass has its own queue. Next
 * to the database it has a folder, {@code each/<base>/<time>/}, for the output of its commands
 * until that is printed; the folder exists until all items have completed.
 *
 * <p>The base is the run's name, or a hash of command and folder. The process that works on it
 * holds its lock.
 */
final class Run implements AutoCloseable {
  /** The states of an item that is waiting or running. */
  static final Set<JobState> UNFINISHED =
      EnumSet.of(JobState.SCHEDULED, JobState.BLOCKED, JobState.PENDING, JobState.RUNNING);

  /** Every state but {@link JobState#COMPLETED}. */
  static final Set<JobState> NOT_COMPLETED = EnumSet.complementOf(EnumSet.of(JobState.COMPLETED));

  /** The actor in the history of jobs. */
  static final String ACTOR = "each";

  private static final String PREFIX = "each-";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS").withZone(ZoneOffset.UTC);
  private static final Pattern TIME_PATTERN = Pattern.compile("\\d{8}T\\d{6}\\.\\d{3}");
  private static final Pattern QUEUE =
      Pattern.compile(
          "%s(?<base>%s)@(?<time>%s)(\\.\\d+)?"
              .formatted(PREFIX, EachPlan.NAME.pattern(), TIME_PATTERN.pattern()));

  private final String id;
  private final Path folder;
  private final boolean isContinued;
  private final boolean isOfOtherCommand;
  private final JobQueue queue;
  private final FileChannel lock;

  private Run(
      String id,
      Path folder,
      boolean isContinued,
      boolean isOfOtherCommand,
      JobQueue queue,
      FileChannel lock) {
    this.id = id;
    this.folder = folder;
    this.isContinued = isContinued;
    this.isOfOtherCommand = isOfOtherCommand;
    this.queue = queue;
    this.lock = lock;
  }

  /**
   * Finds the run to continue, or begins one.
   *
   * @param home the folder next to the database
   * @throws BusyException if another process works on it
   */
  static Run open(Path home, EachPlan plan, JobQueue queue, Instant now) {
    String base = plan.base();
    try {
      Path baseFolder = PrivateFiles.createFolder(folder(home, base));
      FileChannel lock = lock(baseFolder.resolve("lock"), base);
      Optional<String> newest = newest(baseFolder, base, queue);
      boolean isContinued =
          !plan.isFresh()
              && newest.filter(time -> isOpen(baseFolder, base, time, queue)).isPresent();
      String time = isContinued ? newest.orElseThrow() : timeAfter(newest, now);
      Path folder = PrivateFiles.createFolder(baseFolder.resolve(time));
      PrivateFiles.createFolder(folder.resolve("spool"));
      boolean isOfOtherCommand = isOfOtherCommand(folder.resolve("command"), plan.hash());
      return new Run(
          PREFIX + base + "@" + time, folder, isContinued, isOfOtherCommand, queue, lock);
    } catch (IOException failure) {
      throw new StorageException(
          "the folder of the run in '%s' cannot be used: %s".formatted(home, failure), failure);
    }
  }

  private static boolean isOfOtherCommand(Path file, String hash) throws IOException {
    if (Files.exists(file)) {
      return !Files.readString(file).equals(hash);
    }
    Files.writeString(PrivateFiles.createFile(file), hash);
    return false;
  }

  private static FileChannel lock(Path file, String base) throws IOException {
    FileChannel channel =
        FileChannel.open(
            PrivateFiles.createFile(file), StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        channel.truncate(0).write(UTF_8.encode(Long.toString(ProcessHandle.current().pid())));
        return channel;
      }
    } catch (OverlappingFileLockException thisProcess) {
      // reported below
    }
    ByteBuffer holder = ByteBuffer.allocate(20);
    channel.read(holder, 0);
    channel.close();
    throw new BusyException(
        "process %s is working on this run: wait for it, or use another --name (the run is '%s')"
            .formatted(UTF_8.decode(holder.flip()).toString(), base));
  }

  private static Optional<String> newest(Path baseFolder, String base, JobQueue queue)
      throws IOException {
    List<String> times = new ArrayList<>();
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(baseFolder)) {
      folders.forEach(folder -> times.add(folder.getFileName().toString()));
    }
    String prefix = PREFIX + base + "@";
    queue.lastGroup(prefix).ifPresent(group -> times.add(group.substring(prefix.length())));
    return times.stream()
        .filter(time -> TIME_PATTERN.matcher(time).matches())
        .max(Comparator.naturalOrder());
  }

  /**
   * Returns whether a run is unfinished. The folder shows whether its input was not read completely
   * or its output was not printed; the jobs show all other cases, including a deleted folder.
   */
  private static boolean isOpen(Path baseFolder, String base, String time, JobQueue queue) {
    JobFilter all = JobFilter.all().group(PREFIX + base + "@" + time);
    return Files.isDirectory(baseFolder.resolve(time))
        ? hasJobs(queue, all)
        : hasJobs(queue, all.states(NOT_COMPLETED));
  }

  /** Returns a time as text that is later than the newest run's, even if the clock was set back. */
  private static String timeAfter(Optional<String> newest, Instant now) {
    Instant least = newest.map(time -> Instant.from(TIME.parse(time)).plusMillis(1)).orElse(now);
    return TIME.format(least.isAfter(now) ? least : now);
  }

  /** Returns its id, which is the group of its jobs. */
  String id() {
    return id;
  }

  /** Returns whether it was begun by an earlier invocation. */
  boolean isContinued() {
    return isContinued;
  }

  /** Returns whether it was begun with another command, which its items keep. */
  boolean isOfOtherCommand() {
    return isOfOtherCommand;
  }

  /** Returns its own folder, for temporary files. */
  Path folder() {
    return folder;
  }

  /** Returns the folder for output that is still to be printed. */
  Path spool() {
    return folder.resolve("spool");
  }

  /** Returns the output folder of the run that a queue belongs to; empty for other queues. */
  static Optional<Path> spoolOf(Path home, String queue) {
    Matcher run = QUEUE.matcher(queue);
    return run.matches()
        ? Optional.of(folder(home, run.group("base")).resolve(run.group("time")).resolve("spool"))
        : Optional.empty();
  }

  private static Path folder(Path home, String base) {
    return home.resolve("each").resolve(base);
  }

  /** Returns the queue of a new pass, in which the run has no jobs yet. */
  String newPass() {
    Path file = folder.resolve("passes");
    try {
      int number = Files.exists(file) ? Integer.parseInt(Files.readString(file)) + 1 : firstFree();
      Files.writeString(PrivateFiles.createFile(file), Integer.toString(number));
      return pass(number);
    } catch (IOException | NumberFormatException failure) {
      throw new StorageException("'%s' cannot be used: %s".formatted(file, failure), failure);
    }
  }

  /** Finds the first unused pass from the jobs, for when the folder was lost. */
  private int firstFree() {
    int number = 1;
    while (isContinued && hasJobs(queue, JobFilter.all().group(id).queue(pass(number)))) {
      number++;
    }
    return number;
  }

  private String pass(int number) {
    return number == 1 ? id : id + "." + number;
  }

  private static boolean hasJobs(JobQueue queue, JobFilter filter) {
    return !queue.list(filter, PageRequest.first(1)).items().isEmpty();
  }

  /** Deletes the folder of a completed run, and those of the runs before it. */
  void complete() {
    try (Stream<Path> runs = Files.list(folder.resolveSibling(""))) {
      for (Path run : runs.filter(Files::isDirectory).toList()) {
        deleteAll(run);
      }
    } catch (IOException notNow) {
      throw new StorageException(
          "the folder of the run, '%s', cannot be deleted: %s".formatted(folder, notNow), notNow);
    }
  }

  private static void deleteAll(Path run) throws IOException {
    try (Stream<Path> files = Files.walk(run)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** Releases the lock. */
  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException alreadyGone) {
      // so is the lock
    }
  }
}
