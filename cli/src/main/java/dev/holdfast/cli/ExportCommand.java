package dev.holdfast.cli;

import static java.util.Objects.requireNonNull;

import dev.holdfast.Holdfast;
import dev.holdfast.Job;
import dev.holdfast.JobFilter;
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
    header = "Writes jobs as JSON lines: each with all that belongs to it.",
    description = {
      "%nOldest first, between a first line that names the format and a last one that shows that"
          + " nothing is missing. Jobs that change meanwhile are written as they are when their"
          + " turn comes: for a picture of one instant, drain the nodes before. The file is"
          + " readable by you alone and appears when it is complete; holdfast import reads it.",
      "%nThe values of fields that the configuration redacts are left out, and import refuses such a"
          + " file unless it is told that this is known."
    })
final class ExportCommand implements Callable<Integer> {
  private static final Duration SAY_INTERVAL = Duration.ofSeconds(10);

  private final DbOption db;
  private final Console console;
  private long saidAt;

  @Parameters(paramLabel = "FILE", description = "Where to, or - for standard output.")
  private @Nullable String target;

  @Mixin private Selection selection = new Selection();

  @Mixin private Secrets secrets = new Secrets();

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
    return ExitCodes.OK;
  }

  private void export(Holdfast holdfast, OutputStream out) throws IOException {
    long[] exported = {0};
    Hiding hiding = new Hiding(secrets.redaction(db));
    ExportLines lines =
        new ExportLines(holdfast.archive(), hiding, out, () -> sayNowAndThen(++exported[0]));
    JobFilter filter = selection.filter(Set.of());
    lines.begin(RootCommand.Version.number());
    if (selection.isEmpty()) {
      lines.queues();
      lines.typeLimits();
    }
    lines.jobs(
        stamp -> filter.states().isEmpty() || filter.states().contains(stamp.state()),
        record -> matches(record.job(), filter));
    if (selection.isEmpty()) {
      lines.keys();
      lines.schedules();
    }
    lines.end();
    console.say("exported " + Text.count(lines.jobs(), "job"));
    if (hiding.count() > 0) {
      console.say(
          "secrets were left out in %s: the file can be read, not brought back whole; --show-secrets writes them"
              .formatted(Text.count(hiding.count(), "place")));
    }
  }

  /** Its state has been looked at, and may have changed since. */
  private static boolean matches(Job job, JobFilter filter) {
    return filter.queue().map(job.queue()::equals).orElse(true)
        && filter.type().map(job.type()::equals).orElse(true)
        && filter.group().map(group -> job.group().filter(group::equals).isPresent()).orElse(true);
  }

  private void sayNowAndThen(long exported) {
    long now = console.time().ticks();
    if (now - saidAt >= SAY_INTERVAL.toNanos()) {
      saidAt = now;
      console.say("exported %s so far".formatted(Text.count(exported, "job")));
    }
  }
}
