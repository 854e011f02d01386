package dev.holdfast.cli.jobs;

import static java.util.Objects.requireNonNull;

import dev.holdfast.Failure;
import dev.holdfast.Job;
import dev.holdfast.JobEvent;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue;
import dev.holdfast.LogFilter;
import dev.holdfast.PageRequest;
import dev.holdfast.Predecessor;
import dev.holdfast.check.Durations;
import dev.holdfast.check.Limits;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.options.JobRef;
import dev.holdfast.cli.options.OpenQueue;
import dev.holdfast.cli.options.Secrets;
import dev.holdfast.cli.terminal.Cell;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.cli.terminal.StyledLine;
import dev.holdfast.cli.terminal.Text;
import dev.holdfast.cli.terminal.Tone;
import dev.holdfast.error.NotFoundException;
import dev.holdfast.http.Json;
import dev.holdfast.http.Redaction;
import dev.holdfast.http.wire.JobEventJson;
import dev.holdfast.http.wire.JobJson;
import dev.holdfast.http.wire.LogLineJson;
import dev.holdfast.http.wire.StepJson;
import dev.holdfast.step.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holdfast show}. */
@Command(name = "show", header = "Shows one job.")
public final class ShowCommand implements Callable<Integer> {
  private static final int OTHERS = 10;

  private final DbOption db;
  private Redaction redaction = Redaction.none();
  private final Console console;

  @Parameters(paramLabel = "ID", description = "The job: its id, or the beginning of it.")
  private @Nullable JobRef id;

  @Option(names = "--events", description = "With all that happened to it.")
  private boolean hasEvents;

  @Option(names = "--logs", description = "With its log.")
  private boolean hasLogs;

  @Mixin private Secrets secrets = new Secrets();

  @Option(names = "--json", description = "Prints one JSON object.")
  private boolean isJson;

  public ShowCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() {
    JobRef named = requireNonNull(id, "picocli demands it");
    redaction = secrets.redaction(db);
    try (OpenQueue opened = db.openExistingQueue()) {
      JobQueue queue = opened.queue();
      JobId wanted = named.id(queue);
      Job job =
          queue.find(wanted).orElseThrow(() -> new NotFoundException("there is no job " + wanted));
      if (isJson) {
        printJson(queue, job);
      } else {
        print(queue, job);
      }
    }
    return ExitCodes.OK;
  }

  private void printJson(JobQueue queue, Job job) {
    Map<String, @Nullable Object> fields = Json.fields(JobJson.of(job, redaction));
    fields.put(
        "predecessors",
        queue.predecessors(job.id(), 0, Limits.PAGE_MAX).stream().map(ShowCommand::of).toList());
    fields.put(
        "dependents",
        queue.dependents(job.id(), PageRequest.first(Limits.PAGE_MAX)).items().stream()
            .map(dependent -> dependent.id().toString())
            .toList());
    fields.put("checkpoints", Json.ofCheckpoints(checkpoints(queue, job)));
    fields.put(
        "steps", queue.steps(job.id()).stream().map(step -> StepJson.of(step, redaction)).toList());
    if (hasEvents) {
      fields.put(
          "events",
          queue.events(job.id()).stream()
              .map(event -> JobEventJson.of(event, redaction, job))
              .toList());
    }
    if (hasLogs) {
      fields.put(
          "logs",
          queue.logs(LogFilter.of(job.id())).stream()
              .map(line -> LogLineJson.of(line, redaction))
              .toList());
    }
    console.line(Json.write(fields));
  }

  private void print(JobQueue queue, Job job) {
    field("id", job.id().toString());
    field("queue", job.queue());
    field("type", job.type());
    console.line(
        StyledLine.of(Cell.of(name("state")), new Cell(job.state().name(), Tone.of(job.state()))));
    field("priority", Integer.toString(job.priority()));
    field("attempt", job.attempt() + " of " + job.maxAttempts());
    field("crashes", job.crashes() == 0 ? "" : Integer.toString(job.crashes()));
    field("lapses", job.lapses() == 0 ? "" : Integer.toString(job.lapses()));
    field("group", job.group().orElse(""));
    field("key", job.key().orElse(""));
    field("tags", String.join(", ", job.tags()));
    field("metadata", clean("metadata", job.metadata()));
    field("requires", job.requires().orElse(""));
    field("created by", job.createdBy().orElse(""));
    field("timeout", job.timeout().map(Durations::format).orElse(""));
    field(
        "progress",
        job.progress().map(now -> (now.percent() + " % " + now.message()).strip()).orElse(""));
    field("created at", job.createdAt().toString());
    field("run at", job.runAt().toString());
    field("started at", text(job.startedAt()));
    field("finished at", text(job.finishedAt()));
    field("interrupted at", text(job.interruptedAt()));
    field("worker", job.holder().map(ShowCommand::holder).orElse(""));
    printOthers(queue, job);
    field("payload", redaction.of("payload", job.payload()));
    field("payload version", Integer.toString(job.payloadVersion()));
    field("result", clean("result", job.result()));
    checkpoints(queue, job).forEach((name, state) -> field("checkpoint", name + ": " + state));
    queue.steps(job.id()).forEach(step -> field("step", describe(step)));
    Optional<Failure> why = job.failure().map(failure -> redaction.of(failure, job));
    field("failure", why.map(failure -> failure.kind() + ": " + failure.message()).orElse(""));
    why.filter(failure -> !failure.trace().isEmpty())
        .ifPresent(failure -> failure.trace().lines().forEach(line -> field("", line)));
    if (hasEvents) {
      queue.events(job.id()).forEach(event -> print(event, job));
    }
    if (hasLogs) {
      queue
          .logs(LogFilter.of(job.id()))
          .forEach(line -> console.line(LogsCommand.text(line, redaction)));
    }
  }

  private String clean(String root, Optional<String> json) {
    return json.map(text -> redaction.of(root, text)).orElse("");
  }

  private Map<String, String> checkpoints(JobQueue queue, Job job) {
    Map<String, String> states = new LinkedHashMap<>(queue.checkpoints(job.id()));
    states.replaceAll((name, state) -> redaction.of("checkpoint", state));
    return states;
  }

  private String describe(Step step) {
    String kind = step.kind().name().toLowerCase(Locale.ROOT);
    String end =
        step.finishedAt()
            .map(at -> "took " + Durations.describe(millis(step.startedAt(), at)))
            .or(() -> step.until().map(until -> "waits until " + until))
            .orElse("waits");
    return "%s (%s, attempt %d), started at %s, %s%s"
        .formatted(
            step.name(),
            kind,
            step.attempt(),
            step.startedAt(),
            end,
            step.result().map(json -> ": " + redaction.of("step", json)).orElse(""));
  }

  private static Duration millis(Instant from, Instant to) {
    return Duration.ofMillis(Duration.between(from, to).toMillis());
  }

  private static Map<String, Object> of(Predecessor predecessor) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", predecessor.id().toString());
    fields.put("type", predecessor.type());
    fields.put("state", predecessor.state().name());
    fields.put("if_failed", predecessor.ifFailed().name());
    fields.put("open", predecessor.isOpen());
    return fields;
  }

  /** Those that it waits for, and those that wait for it: a few of each. */
  private void printOthers(JobQueue queue, Job job) {
    List<Predecessor> before = queue.predecessors(job.id(), 0, OTHERS + 1);
    before.stream()
        .limit(OTHERS)
        .forEach(
            other ->
                field(
                    other.isOpen() ? "waits for" : "follows",
                    "%s (%s, %s)".formatted(other.id(), other.type(), other.state())));
    field("", before.size() > OTHERS ? "and more" : "");
    List<Job> after = queue.dependents(job.id(), PageRequest.first(OTHERS + 1)).items();
    after.stream()
        .limit(OTHERS)
        .forEach(
            other ->
                field("before", "%s (%s, %s)".formatted(other.id(), other.type(), other.state())));
    field("", after.size() > OTHERS ? "and more" : "");
  }

  private static String holder(Job.Holder holder) {
    return "%s on %s, process %d (node %s)"
        .formatted(holder.name(), holder.host(), holder.processId(), holder.node());
  }

  private void print(JobEvent event, Job job) {
    String change = event.from().map(from -> from + " → ").orElse("") + event.to();
    String why =
        event.failure().map(failure -> ": " + redaction.of(failure, job).message()).orElse("");
    field(
        event.at().toString(),
        "%s, attempt %d%s, %s%s"
            .formatted(
                change,
                event.attempt(),
                event.by().isEmpty() ? "" : ", by " + event.by(),
                event.why(),
                why));
  }

  private static String text(Optional<?> value) {
    return value.map(Object::toString).orElse("");
  }

  private void field(String name, String value) {
    if (!value.isEmpty()) {
      console.line(name(name) + Text.safe(value));
    }
  }

  private static String name(String name) {
    return "%-15s ".formatted(name);
  }
}
