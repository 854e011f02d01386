package dev.holdfast.cli.jobs;

import dev.holdfast.JobId;
import dev.holdfast.JobQueue;
import dev.holdfast.LogFilter;
import dev.holdfast.LogLine;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.options.JobRef;
import dev.holdfast.cli.options.OpenQueue;
import dev.holdfast.cli.options.Secrets;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.cli.terminal.Text;
import dev.holdfast.error.NotFoundException;
import dev.holdfast.http.Json;
import dev.holdfast.http.Redaction;
import dev.holdfast.http.wire.LogLineJson;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holdfast logs}. */
@Command(name = "logs", header = "Prints log lines of handlers, for one job or for all.")
public final class LogsCommand implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  @Parameters(
      paramLabel = "ID",
      arity = "0..1",
      description = "The job: its id, or the beginning of it. Default: all jobs.")
  private @Nullable JobRef id;

  @Option(
      names = "--level",
      paramLabel = "LEVEL",
      description = "Minimum level: ${COMPLETION-CANDIDATES}. Default: TRACE.")
  private Level least = Level.TRACE;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Maximum number of lines, the newest ones. Default: 1000.")
  private int limit = 1_000;

  @Mixin private Secrets secrets = new Secrets();

  @Option(names = "--json", description = "Prints one JSON object a line.")
  private boolean isJson;

  public LogsCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() {
    Redaction redaction = secrets.redaction(db);
    try (OpenQueue opened = db.openExistingQueue()) {
      JobQueue queue = opened.queue();
      Optional<JobId> job = Optional.ofNullable(id).map(named -> named.id(queue));
      if (job.isPresent() && queue.find(job.get()).isEmpty()) {
        throw new NotFoundException("there is no job " + job.get());
      }
      for (LogLine line : queue.logs(new LogFilter(job, least, limit))) {
        console.line(isJson ? Json.write(LogLineJson.of(line, redaction)) : text(line, redaction));
      }
    }
    return ExitCodes.OK;
  }

  private static String details(LogLine line, Redaction redaction) {
    return line.details().map(facts -> " " + redaction.of("details", facts)).orElse("");
  }

  static String text(LogLine line, Redaction redaction) {
    return "%s %-5s %s attempt %d: %s"
        .formatted(
            line.at(),
            line.level(),
            line.job(),
            line.attempt(),
            Text.safe(line.message() + details(line, redaction)));
  }
}
