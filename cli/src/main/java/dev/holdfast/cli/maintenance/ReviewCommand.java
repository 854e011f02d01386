package dev.holdfast.cli.maintenance;

import dev.holdfast.Holdfast;
import dev.holdfast.Job;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue.Changed;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.options.JobRef;
import dev.holdfast.cli.options.Person;
import dev.holdfast.cli.options.ShownIds;
import dev.holdfast.cli.terminal.Cell;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.cli.terminal.Table;
import dev.holdfast.cli.terminal.Text;
import dev.holdfast.cli.terminal.Tone;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.http.Json;
import dev.holdfast.spi.ReviewStore;
import dev.holdfast.spi.ReviewStore.Decision;
import dev.holdfast.spi.ReviewStore.Uncertain;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holdfast review}. */
@Command(
    name = "review",
    header = "Decides about the jobs of a restored queue that may have run since its backup.",
    description = {
      "%nWithout an action it lists them. resume lets jobs go on as they would have then, discard"
          + " cancels them, done makes them COMPLETED without a result. Name jobs, or select them"
          + " by --queue and --type, or take --all."
    })
public final class ReviewCommand implements Callable<Integer> {
  private static final int BATCH = 500;

  private final DbOption db;
  private final Console console;

  /** The actions. */
  enum Action {
    LIST,
    RESUME,
    DISCARD,
    DONE
  }

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "ACTION",
      description = "list, resume, discard or done. Default: list.")
  private Action action = Action.LIST;

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "ID",
      description = "The jobs: their ids, or the beginnings of them.")
  private List<JobRef> ids = List.of();

  @Option(names = "--queue", paramLabel = "QUEUE", description = "Selects the jobs of this queue.")
  private @Nullable String queue;

  @Option(names = "--type", paramLabel = "TYPE", description = "Selects the jobs of this type.")
  private @Nullable String type;

  @Option(names = "--all", description = "Selects all jobs that wait for a review.")
  private boolean isAll;

  @Option(names = "--json", description = "Prints one JSON object a line.")
  private boolean isJson;

  /** Creates the command. */
  public ReviewCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() {
    boolean isSelected = isAll || queue != null || type != null;
    if (action == Action.LIST ? !ids.isEmpty() : ids.isEmpty() != isSelected) {
      throw new InvalidRequestException(
          "specify jobs for an action: either their ids, or --queue, --type or --all");
    }
    try (Holdfast holdfast = db.openExisting()) {
      ReviewStore reviews = holdfast.embedding().reviews();
      return action == Action.LIST
          ? list(reviews)
          : decideAll(reviews, Decision.valueOf(action.name()), JobRef.ids(ids, holdfast.queue()));
    }
  }

  private int list(ReviewStore reviews) {
    if (isJson) {
      each(reviews, batch -> batch.forEach(one -> console.line(Json.write(fields(one)))));
      return ExitCodes.OK;
    }
    List<Uncertain> found = new ArrayList<>();
    each(reviews, found::addAll);
    if (found.isEmpty()) {
      console.say("no job waits for a review");
    } else {
      table(found).print(console);
    }
    return ExitCodes.OK;
  }

  private Table table(List<Uncertain> found) {
    ShownIds shownIds = ShownIds.of(console, found.stream().map(one -> one.job().id()).toList());
    Table table =
        new Table("ID", "QUEUE", "TYPE", "WAS", "CREATED", "ATTEMPT").givingWay("ATTEMPT", "QUEUE");
    for (Uncertain one : found) {
      Job job = one.job();
      table.add(
          List.of(
              Cell.of(shownIds.of(job.id())),
              Cell.of(job.queue()),
              Cell.of(job.type()),
              new Cell(one.was().name(), Tone.of(one.was())),
              Cell.of(job.createdAt().toString()),
              Cell.of(Integer.toString(job.attempt()))));
    }
    return table;
  }

  private static Map<String, Object> fields(Uncertain one) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", one.job().id().toString());
    fields.put("queue", one.job().queue());
    fields.put("type", one.job().type());
    fields.put("was", one.was().name());
    fields.put("created_at", one.job().createdAt().toString());
    fields.put("attempt", one.job().attempt());
    return fields;
  }

  /** Reads the selected jobs in batches, in the order of their ids. */
  private void each(ReviewStore reviews, Consumer<List<Uncertain>> use) {
    Optional<JobId> after = Optional.empty();
    List<Uncertain> batch;
    do {
      batch = reviews.uncertain(after, BATCH);
      List<Uncertain> selected = batch.stream().filter(this::isSelected).toList();
      if (!selected.isEmpty()) {
        use.accept(selected);
      }
      after = batch.isEmpty() ? after : Optional.of(batch.get(batch.size() - 1).job().id());
    } while (batch.size() == BATCH);
  }

  private boolean isSelected(Uncertain one) {
    return (queue == null || queue.equals(one.job().queue()))
        && (type == null || type.equals(one.job().type()));
  }

  private int decideAll(ReviewStore reviews, Decision decision, List<JobId> named) {
    int[] done = {0};
    if (named.isEmpty()) {
      each(
          reviews,
          batch ->
              done[0] +=
                  decide(reviews, decision, batch.stream().map(one -> one.job().id()).toList()));
    } else {
      done[0] = decide(reviews, decision, named);
    }
    if (isJson) {
      console.line(Json.write(Map.of("changed", done[0])));
    } else {
      console.line("reviewed " + Text.count(done[0], "job"));
    }
    return named.size() > done[0] ? ExitCodes.CONFLICT : ExitCodes.OK;
  }

  private int decide(ReviewStore reviews, Decision decision, List<JobId> jobs) {
    List<Changed> changes = reviews.review(jobs, decision, Person.name());
    changes.stream()
        .filter(change -> !change.done())
        .forEach(change -> console.say("job %s does not wait for a review".formatted(change.id())));
    return (int) changes.stream().filter(Changed::done).count();
  }
}
