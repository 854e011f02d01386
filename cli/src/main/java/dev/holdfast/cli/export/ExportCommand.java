package dev.holdfast.cli.export;

import static java.util.Objects.requireNonNull;

import dev.holdfast.Holdfast;
import dev.holdfast.JobFilter;
import dev.holdfast.cli.copy.LeftOut;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.options.Secrets;
import dev.holdfast.cli.options.Selection;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.cli.terminal.Text;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holdfast export}. */
@Command(
    name = "export",
    header = "Writes jobs as JSON lines, with their history, log and checkpoints.",
    description = {
      "%nThe first line names the format, the jobs follow oldest first, and the last line marks"
          + " the end. Jobs that change meanwhile are written in their current state: for a"
          + " snapshot, drain the nodes first. The file is readable only by you and appears once"
          + " it is complete; holdfast import reads it.",
      "%nTokens, webhooks and alerts are not exported; the first line counts them.",
      "%nThe values of redacted fields are omitted, and import refuses such a file unless it gets"
          + " --redacted."
    })
public final class ExportCommand implements Callable<Integer> {
  private static final Duration SAY_INTERVAL = Duration.ofSeconds(10);

  private final DbOption db;
  private final Console console;
  private long saidAt;

  @Parameters(paramLabel = "FILE", description = "The file, or - for standard output.")
  private @Nullable String target;

  @Mixin private Selection selection = new Selection();

  @Mixin private Secrets secrets = new Secrets();

  @Option(names = "--force", description = "Replaces an existing file.")
  private boolean isForced;

  public ExportCommand(DbOption db, Console console) {
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
    return ExitCodes.OK;
  }

  private void export(Holdfast holdfast, OutputStream out) throws IOException {
    long[] exported = {0};
    ExportRedaction exportRedaction = new ExportRedaction(secrets.redaction(db));
    ExportLines lines =
        new ExportLines(
            holdfast.embedding().archive(),
            exportRedaction,
            out,
            () -> sayNowAndThen(++exported[0]));
    JobFilter filter = selection.filter(Set.of()).at(console.time().now());
    LeftOut left = LeftOut.of(holdfast);
    lines.begin(Holdfast.version(), left);
    if (selection.isEmpty()) {
      lines.queues();
      lines.typeLimits();
    }
    lines.jobs(
        stamp -> filter.states().isEmpty() || filter.states().contains(stamp.state()),
        record -> filter.matches(record.job())); // again, as it may have changed since
    if (selection.isEmpty()) {
      lines.keys();
      lines.schedules();
    }
    lines.end();
    console.say("exported " + Text.count(lines.jobs(), "job"));
    if (!left.isNothing()) {
      console.say("not in the export: " + left);
    }
    if (exportRedaction.count() > 0) {
      console.say(
          "secrets were omitted in %s, so the file cannot be imported completely; --show-secrets includes them"
              .formatted(Text.count(exportRedaction.count(), "place")));
    }
  }

  private void sayNowAndThen(long exported) {
    long now = console.time().ticks();
    if (now - saidAt >= SAY_INTERVAL.toNanos()) {
      saidAt = now;
      console.say("exported %s so far".formatted(Text.count(exported, "job")));
    }
  }
}
