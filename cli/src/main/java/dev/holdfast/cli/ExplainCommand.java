package dev.holdfast.cli;

import static java.util.Objects.requireNonNull;

import dev.holdfast.Explanation;
import dev.holdfast.Holdfast;
import dev.holdfast.JobId;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.cli.terminal.Text;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holdfast explain}. */
@Command(
    name = "explain",
    header = "Says why a job does not run, or what has become of it, and what to do.")
final class ExplainCommand implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  @Parameters(paramLabel = "ID", description = "The job.")
  private @Nullable JobId id;

  @Option(names = "--json", description = "Prints one JSON object.")
  private boolean isJson;

  ExplainCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() {
    try (Holdfast holdfast = db.openExisting()) {
      Explanation explanation = holdfast.explain(requireNonNull(id, "picocli demands it"));
      if (isJson) {
        console.line(Json.write(json(explanation)));
      } else {
        print(explanation);
      }
    }
    return ExitCodes.OK;
  }

  private static Map<String, Object> json(Explanation explanation) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", explanation.job().id().toString());
    fields.put("queue", explanation.job().queue());
    fields.put("type", explanation.job().type());
    fields.put("state", explanation.job().state().name());
    fields.put("reasons", explanation.reasons().stream().map(ExplainCommand::json).toList());
    return fields;
  }

  private static Map<String, Object> json(Explanation.Reason reason) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("code", reason.code().name());
    fields.put("text", reason.text());
    fields.put("advice", reason.advice());
    return fields;
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
