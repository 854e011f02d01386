package dev.holdfast.cli.export;

import static java.util.Objects.requireNonNull;

import dev.holdfast.Holdfast;
import dev.holdfast.JobId;
import dev.holdfast.LogLine;
import dev.holdfast.cli.copy.LeftOut;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.options.Person;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.cli.terminal.Text;
import dev.holdfast.error.ConflictException;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.error.NotFoundException;
import dev.holdfast.spi.record.Archive;
import dev.holdfast.spi.record.JobRecord;
import dev.holdfast.spi.record.KeyRecord;
import dev.holdfast.spi.record.QueueRecord;
import dev.holdfast.spi.record.ScheduleRecord;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holdfast import}. */
@Command(
    name = "import",
    header = "Imports jobs from a file that holdfast export has written.",
    description = {
      "%nJobs keep their state, history, log, checkpoints and keys. A RUNNING job becomes PENDING"
          + " with a new fencing token; its attempt is not used up. A file is checked completely"
          + " before anything is written, so a file with an error changes nothing; standard input"
          + " is written as it is read.",
      "%nTokens, webhooks and alerts are not in an export. If the exported queue had tokens and"
          + " this one has none, nothing is imported, as a server of it would let everybody do"
          + " everything."
    })
public final class ImportCommand implements Callable<Integer> {
  private static final Duration SAY_INTERVAL = Duration.ofSeconds(10);
  private static final String WHY = "imported; it ran when it was exported";

  private final DbOption db;
  private final Console console;

  @Parameters(paramLabel = "FILE", description = "The file, or - for standard input.")
  private @Nullable String source;

  @Option(
      names = "--merge",
      description = "Imports into a queue that has jobs. Existing jobs stay as they are.")
  private boolean isMerging;

  @Option(
      names = "--redacted",
      description = "Accepts an export without secrets; the jobs run without them.")
  private boolean takesRedacted;

  @Option(
      names = "--leave-open",
      description =
          "Imports even if the exported queue had tokens and this one has none. Until it has one,"
              + " its server allows everything to everybody on its machine.")
  private boolean mayLeaveOpen;

  public ImportCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  /** Writes what is read to the queue. */
  private final class Loading implements ImportLines.Sink {
    private final Holdfast queue;
    private final Archive archive;
    private LeftOut left = new LeftOut(0, 0, 0);
    private long saidAt = console.time().ticks();
    private long loaded;
    private long known;

    private Loading(Holdfast queue) {
      this.queue = queue;
      this.archive = queue.embedding().archive();
    }

    @Override
    public void begin(LeftOut counted) {
      left = counted;
      if (!mayLeaveOpen) {
        left.checkNotMoreOpen(queue, queue.queue().status().database().name());
      }
    }

    @Override
    public void jobs(List<JobRecord> batch) {
      int written = archive.load(batch, Person.name(), WHY).size();
      loaded += written;
      known += batch.size() - written;
      long now = console.time().ticks();
      if (now - saidAt >= SAY_INTERVAL.toNanos()) {
        saidAt = now;
        console.say("imported %s so far".formatted(Text.count(loaded, "job")));
      }
    }

    @Override
    public void queue(QueueRecord queue) {
      archive.loadQueues(List.of(queue));
    }

    @Override
    public void typeLimit(String type, int concurrency) {
      archive.loadTypeLimits(Map.of(type, concurrency));
    }

    @Override
    public void logs(JobId id, long n, List<LogLine> lines) {
      archive.loadLogs(id, n, lines);
    }

    @Override
    public void key(KeyRecord key) {
      archive.loadKeys(List.of(key));
    }

    @Override
    public void schedule(ScheduleRecord schedule) {
      archive.loadSchedules(List.of(schedule));
    }
  }

  @Override
  public Integer call() throws IOException {
    String named = requireNonNull(source, "picocli demands it");
    if (!named.equals("-")) {
      try (InputStream in = open(named)) {
        new ImportLines(in, takesRedacted, ImportLines.Sink.NOTHING).read();
      } catch (InvalidRequestException mistake) {
        throw new InvalidRequestException(
            "'%s': %s; nothing was imported".formatted(named, mistake.getMessage()), mistake);
      }
    }
    try (Holdfast holdfast = db.open();
        InputStream in = named.equals("-") ? console.in() : open(named)) {
      load(holdfast, in);
    }
    return ExitCodes.OK;
  }

  private static InputStream open(String named) throws IOException {
    try {
      return Files.newInputStream(Path.of(named));
    } catch (NoSuchFileException missing) {
      throw new NotFoundException("there is no file '%s'".formatted(named), missing);
    }
  }

  private void load(Holdfast holdfast, InputStream in) throws IOException {
    Archive archive = holdfast.embedding().archive();
    if (!isMerging && !archive.stamps(Optional.empty(), 1).isEmpty()) {
      throw new ConflictException(
          "the queue has jobs: specify an empty one with -d, or add to it with --merge");
    }
    Loading loading = new Loading(holdfast);
    try {
      new ImportLines(in, takesRedacted, loading).read();
    } catch (InvalidRequestException mistake) {
      throw new InvalidRequestException(
          "%s; %s before it were imported: fix it, and continue with --merge"
              .formatted(mistake.getMessage(), Text.count(loading.loaded, "job")),
          mistake);
    }
    console.say(
        "imported %s%s"
            .formatted(
                Text.count(loading.loaded, "job"),
                loading.known == 0 ? "" : ", %d existed already".formatted(loading.known)));
    if (!loading.left.isNothing()) {
      console.say("not in the export: %s; create them again".formatted(loading.left));
    }
  }
}
