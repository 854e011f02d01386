package dev.holdfast.cli;

import static java.util.Objects.requireNonNull;

import dev.holdfast.ConflictException;
import dev.holdfast.Holdfast;
import dev.holdfast.InvalidRequestException;
import dev.holdfast.JobId;
import dev.holdfast.LogLine;
import dev.holdfast.NotFoundException;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.cli.terminal.Text;
import dev.holdfast.spi.Archive;
import dev.holdfast.spi.JobRecord;
import dev.holdfast.spi.KeyRecord;
import dev.holdfast.spi.QueueRecord;
import dev.holdfast.spi.ScheduleRecord;
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
    header = "Reads jobs that holdfast export has written.",
    description = {
      "%nThe jobs are as they were: state, history, log, checkpoints, keys. One that was RUNNING"
          + " becomes PENDING with a new token; its attempt is not used up. A file is read through"
          + " before anything is written, so that one with a mistake changes nothing; what comes"
          + " from standard input is written as it is read."
    })
final class ImportCommand implements Callable<Integer> {
  private static final Duration SAY_INTERVAL = Duration.ofSeconds(10);
  private static final String WHY = "it ran when it was exported";

  private final DbOption db;
  private final Console console;

  @Parameters(paramLabel = "FILE", description = "What to read, or - for standard input.")
  private @Nullable String source;

  @Option(
      names = "--merge",
      description = "Into a queue that has jobs. A job that is there already is left as it is.")
  private boolean isMerging;

  @Option(
      names = "--redacted",
      description = "Takes an export from which secrets were left out; jobs run without them.")
  private boolean takesRedacted;

  ImportCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  /** What is read goes into the queue. */
  private final class Loading implements ImportLines.Sink {
    private final Archive archive;
    private long saidAt = console.time().ticks();
    private long loaded;
    private long known;

    private Loading(Archive archive) {
      this.archive = archive;
    }

    @Override
    public void jobs(List<JobRecord> batch) {
      int written = archive.load(batch, "import", WHY).size();
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
    Archive archive = holdfast.archive();
    if (!isMerging && !archive.stamps(Optional.empty(), 1).isEmpty()) {
      throw new ConflictException(
          "the queue has jobs: name an empty one with -d, or add to it with --merge");
    }
    Loading loading = new Loading(archive);
    try {
      new ImportLines(in, takesRedacted, loading).read();
    } catch (InvalidRequestException mistake) {
      throw new InvalidRequestException(
          "%s; %s before it were imported: correct it, and go on with --merge"
              .formatted(mistake.getMessage(), Text.count(loading.loaded, "job")),
          mistake);
    }
    console.say(
        "imported %s%s"
            .formatted(
                Text.count(loading.loaded, "job"),
                loading.known == 0 ? "" : ", %d were there already".formatted(loading.known)));
  }
}
