package dev.holdfast.cli.jobs;

import static java.util.Objects.requireNonNull;

import dev.holdfast.Explanation;
import dev.holdfast.JobQueue;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.options.JobRef;
import dev.holdfast.cli.options.OpenQueue;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.cli.terminal.Text;
import dev.holdfast.http.Json;
import dev.holdfast.http.wire.ExplanationJson;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holdfast explain}. */
@Command(
    name = "explain",
    header = "Explains why a job is not running, or how it ended, and what to do.")
public final class ExplainCommand implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  @Parameters(paramLabel = "ID", description = "The job: its id, or the beginning of it.")
  private @Nullable JobRef id;

  @Option(names = "--json", description = "Prints one JSON object.")
  private boolean isJson;

  public ExplainCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() {
    try (OpenQueue opened = db.openExistingQueue()) {
      JobQueue queue = opened.queue();
      Explanation explanation = queue.explain(requireNonNull(id, "picocli demands it").id(queue));
      if (isJson) {
        console.line(Json.write(ExplanationJson.of(explanation)));
      } else {
        print(explanation);
      }
    }
    return ExitCodes.OK;
  }

  private void print(Explanation explanation) {
    console.line(
        "%s, %s in queue %s, is %s:"
            .formatted(
                explanation.job().id(),
                Text.safe(explanation.job().type()),
                Text.safe(explanation.job().queue()),
                explanation.job().state()));
    for (Explanation.Reason reason : explanation.reasons()) {
      console.line("- " + Text.safe(reason.text()));
      if (!reason.advice().isEmpty()) {
        console.line("  " + Text.safe(reason.advice()));
      }
    }
  }
}
