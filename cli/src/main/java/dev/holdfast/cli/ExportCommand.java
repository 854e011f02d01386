package dev.holdfast.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.holdfast.Holdfast;
import dev.holdfast.Job;
import dev.holdfast.Limits;
import dev.holdfast.LogFilter;
import dev.holdfast.LogLine;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.cli.terminal.Text;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holdfast export}. */
@Command(
    name = "export",
    header = "Writes jobs as JSON lines: each with its history, log and checkpoints.",
    description = {
      "%nNewest first. Jobs that change meanwhile are written as they are when their turn comes: for"
          + " a picture of one instant, drain the nodes before. The file is readable by you alone"
          + " and appears when it is complete."
    })
final class ExportCommand implements Callable<Integer> {
  private static final Duration SAY_INTERVAL = Duration.ofSeconds(10);

  private final DbOption db;
  private final Console console;
  private long exported;
  private long saidAt;

  @Parameters(paramLabel = "FILE", description = "Where to, or - for standard output.")
  private @Nullable String target;

  @Mixin private Selection selection = new Selection();

  @Option(names = "--force", description = "Replaces the file if it is there.")
  private boolean isForced;

  ExportCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    String wanted = requireNonNull(target, "picocli demands it");
    try (Holdfast holdfast = db.openExisting()) {
      saidAt = console.time().ticks();
      if (wanted.equals("-")) {
        export(holdfast, console.out());
      } else {
        try (ExportFile file = ExportFile.create(Path.of(wanted), isForced)) {
          export(holdfast, file.out());
          file.complete();
        }
      }
    }
    console.say("exported " + Text.count(exported, "job"));
    return ExitCodes.OK;
  }

  private void export(Holdfast holdfast, OutputStream out) {
    Selection.forEachPage(
        holdfast,
        selection.filter(Set.of()),
        Long.MAX_VALUE,
        page -> {
          page.forEach(job -> write(out, Json.write(withHistory(holdfast, job))));
          exported += page.size();
          sayNowAndThen();
        });
  }

  private static void write(OutputStream out, String line) {
    try {
      out.write((line + "\n").getBytes(UTF_8));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private Map<String, @Nullable Object> withHistory(Holdfast holdfast, Job job) {
    Map<String, @Nullable Object> fields = Json.of(job);
    fields.put("events", holdfast.events(job.id()).stream().map(Json::of).toList());
    fields.put("logs", logs(holdfast, job).stream().map(Json::of).toList());
    fields.put("checkpoints", Json.ofCheckpoints(holdfast.checkpoints(job.id())));
    return fields;
  }

  private List<LogLine> logs(Holdfast holdfast, Job job) {
    List<LogLine> lines =
        holdfast.logs(new LogFilter(Optional.of(job.id()), Level.TRACE, Limits.LOG_LINES_MAX));
    if (lines.size() == Limits.LOG_LINES_MAX) {
      console.say(
          "of job %s only the newest %,d log lines were exported"
              .formatted(job.id(), lines.size()));
    }
    return lines;
  }

  private void sayNowAndThen() {
    long now = console.time().ticks();
    if (now - saidAt >= SAY_INTERVAL.toNanos()) {
      saidAt = now;
      console.say("exported %s so far".formatted(Text.count(exported, "job")));
    }
  }
}
