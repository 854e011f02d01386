package dev.holdfast.cli.health;

import dev.holdfast.Finding;
import dev.holdfast.Finding.Gravity;
import dev.holdfast.Holdfast;
import dev.holdfast.QueueStatus;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.cli.terminal.Text;
import dev.holdfast.http.Json;
import dev.holdfast.http.wire.FindingJson;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code holdfast doctor}. */
@Command(
    name = "doctor",
    header = "Checks the queue and its environment, and suggests a fix for each finding.",
    description = {
      "%nVerifies that every job is runnable, waits for something that can be named, is held"
          + " under a live lease, or is finished. It reads everything, which takes a while on a"
          + " large queue, and changes nothing. The exit code is 1 if there is any ERROR or"
          + " WARNING."
    })
public final class DoctorCommand implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  @Option(names = "--json", description = "Prints one JSON object.")
  private boolean isJson;

  public DoctorCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() {
    try (Holdfast holdfast = db.openExisting()) {
      List<Finding> findings = new ArrayList<>(holdfast.queue().maintenance().examine());
      QueueStatus status = holdfast.queue().status();
      Set<String> known = findings.stream().map(Finding::code).collect(Collectors.toSet());
      status.problems().stream()
          .filter(problem -> !known.contains(problem.code()))
          .forEach(findings::add);
      QueueEnvironment environment =
          new QueueEnvironment(status, db.folder(), console.time().now());
      findings.addAll(environment.findings());
      findings.sort(Comparator.comparing(Finding::gravity));
      boolean isWell = findings.stream().allMatch(one -> one.gravity() == Gravity.NOTE);
      answer(isWell, findings, checked(status, environment));
      return isWell ? ExitCodes.OK : ExitCodes.FAILED;
    }
  }

  private static List<String> checked(QueueStatus status, QueueEnvironment environment) {
    long jobs = status.counts().values().stream().mapToLong(Long::longValue).sum();
    List<String> checked = new ArrayList<>();
    checked.add("%s, each row".formatted(Text.count(jobs, "job")));
    checked.add("the database: its pages, settings, modes and disk");
    checked.add("%s, with their duties".formatted(Text.count(status.nodes().size(), "node")));
    checked.addAll(environment.checked());
    return checked;
  }

  private void answer(boolean isWell, List<Finding> findings, List<String> checked) {
    if (isJson) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("ok", isWell);
      fields.put("findings", findings.stream().map(FindingJson::of).toList());
      fields.put("checked", checked);
      console.line(Json.write(fields));
      return;
    }
    Findings.print(console, findings);
    console.line(isWell ? "all is well; checked:" : "checked:");
    checked.forEach(what -> console.line("- " + Text.safe(what)));
  }
}
