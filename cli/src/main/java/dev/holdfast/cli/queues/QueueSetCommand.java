package dev.holdfast.cli.queues;

import dev.holdfast.ClaimOrder;
import dev.holdfast.JobQueue;
import dev.holdfast.QueueSettings;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.options.OpenQueue;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.cli.terminal.Text;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.http.Json;
import dev.holdfast.http.Rates;
import dev.holdfast.http.wire.QueueSettingsJson;
import dev.holdfast.search.JobField;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holdfast queues set}. */
@Command(
    name = "set",
    header = "Changes the settings of a queue on all nodes, while it runs.",
    description = {
      "%nOther settings stay as they are. The queue need not exist yet. Without options, prints"
          + " the settings."
    })
public final class QueueSetCommand implements Callable<Integer> {
  private static final String NONE = "none";

  private final DbOption db;
  private final Console console;

  @Parameters(paramLabel = "QUEUE", description = "The queue.")
  private String queue = "";

  @Option(
      names = "--order",
      paramLabel = "ORDER",
      description = "The claim order: priority, fifo, lifo, weighted_random or fair.")
  private @Nullable ClaimOrder order;

  @Option(
      names = "--concurrency",
      paramLabel = "N|none",
      description = "Maximum number of jobs that run at once on all nodes.")
  private @Nullable String concurrency;

  @Option(
      names = "--per-group",
      paramLabel = "N|none",
      description = "Maximum number of jobs of each group that run at once.")
  private @Nullable String perGroup;

  @Option(
      names = "--rate",
      paramLabel = "N/D|none",
      description = "Maximum number of starts within a period, such as 100/1m.")
  private @Nullable String rate;

  @Option(
      names = "--index",
      split = ",",
      paramLabel = "FIELD|none",
      description =
          "The fields by which its jobs are searched, such as payload.customer; at most 8.")
  private @Nullable List<String> indexed;

  @Option(
      names = "--manual",
      negatable = true,
      description = "Whether a job runs only when run-next releases it.")
  private @Nullable Boolean isManual;

  @Option(names = "--json", description = "Prints the settings as a JSON object.")
  private boolean isJson;

  public QueueSetCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() {
    changed(QueueSettings.defaults()); // report an error before the queue is opened
    try (OpenQueue opened = hasChange() ? db.openQueue() : db.openExistingQueue()) {
      JobQueue jobQueue = opened.queue();
      print(
          hasChange()
              ? jobQueue.queues().configure(queue, this::changed)
              : jobQueue.queues().settings(queue));
    }
    return ExitCodes.OK;
  }

  private boolean hasChange() {
    return order != null
        || concurrency != null
        || perGroup != null
        || rate != null
        || indexed != null
        || isManual != null;
  }

  private QueueSettings changed(QueueSettings settings) {
    QueueSettings changed = settings;
    if (order != null) {
      changed = changed.order(order);
    }
    if (concurrency != null) {
      changed = changed.concurrency(limit("--concurrency", concurrency).orElse(null));
    }
    if (perGroup != null) {
      changed = changed.concurrencyPerGroup(limit("--per-group", perGroup).orElse(null));
    }
    if (rate != null) {
      changed = changed.rate(given(rate).map(Rates::parse).orElse(null));
    }
    if (indexed != null) {
      boolean isNone = indexed.equals(List.of(NONE));
      changed =
          changed.indexedFields(
              isNone ? List.of() : indexed.stream().map(JobField::parse).toList());
    }
    return isManual == null ? changed : changed.manual(isManual);
  }

  private static Optional<String> given(String text) {
    return Optional.of(text).filter(value -> !value.equals(NONE));
  }

  private static Optional<Integer> limit(String option, String text) {
    try {
      return given(text).map(Integer::valueOf);
    } catch (NumberFormatException notOne) {
      throw new InvalidRequestException(
          "%s must be a number of jobs or 'none', was '%s'".formatted(option, text), notOne);
    }
  }

  private void print(QueueSettings settings) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("queue", queue);
    fields.putAll(Json.fields(QueueSettingsJson.of(settings)));
    if (isJson) {
      console.line(Json.write(fields));
      return;
    }
    fields.forEach(
        (name, value) ->
            console.line("%s: %s".formatted(name, Text.safe(value == null ? NONE : text(value)))));
  }

  private static String text(Object value) {
    if (value instanceof List<?> several) {
      return several.isEmpty()
          ? NONE
          : several.stream().map(Object::toString).collect(Collectors.joining(", "));
    }
    return value instanceof String word ? word.toLowerCase(Locale.ROOT) : value.toString();
  }
}
