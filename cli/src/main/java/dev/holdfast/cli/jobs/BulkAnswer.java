package dev.holdfast.cli.jobs;

import dev.holdfast.BulkOperation;
import dev.holdfast.BulkOperations;
import dev.holdfast.check.Durations;
import dev.holdfast.check.Printable;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.Text;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.error.NotFoundException;
import dev.holdfast.http.Json;
import dev.holdfast.http.wire.BulkOperationJson;
import dev.holdfast.spi.FilterParameters;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Finds one bulk operation by its id or the beginning of its id, and prints it. */
final class BulkAnswer {
  private BulkAnswer() {}

  /**
   * Finds the operation whose id begins with a text.
   *
   * @throws NotFoundException if there is none
   * @throws InvalidRequestException if there are several
   */
  static BulkOperation find(BulkOperations operations, String prefix) {
    String wanted = prefix.toLowerCase(Locale.ROOT);
    List<BulkOperation> found =
        operations.list().stream().filter(one -> one.id().toString().startsWith(wanted)).toList();
    if (found.isEmpty()) {
      throw new NotFoundException(
          "there is no bulk operation whose id begins with %s".formatted(Printable.quoted(prefix)));
    }
    if (found.size() > 1) {
      throw new InvalidRequestException(
          "the ids of %d bulk operations begin with %s: give more of it"
              .formatted(found.size(), Printable.quoted(prefix)));
    }
    return found.get(0);
  }

  static void print(Console console, BulkOperation operation, boolean isJson) {
    if (isJson) {
      console.line(Json.write(BulkOperationJson.of(operation)));
      return;
    }
    console.line("id: " + operation.id());
    console.line("action: " + operation.request().action().name().toLowerCase(Locale.ROOT));
    operation.request().queue().ifPresent(queue -> console.line("to queue: " + Text.safe(queue)));
    operation.request().priority().ifPresent(number -> console.line("to priority: " + number));
    console.line("jobs: " + Text.safe(jobs(operation)));
    console.line("by: " + Text.safe(operation.by()));
    console.line("state: " + operation.state());
    console.line("done: %,d".formatted(operation.done()));
    console.line("left alone: %,d".formatted(operation.leftAlone()));
    console.line("searched: %,d".formatted(operation.searched()));
    console.line("created at: " + operation.createdAt());
    operation.finishedAt().ifPresent(end -> console.line("took: " + took(operation, end)));
  }

  /** Returns the filter as the options of the command line name it. */
  private static String jobs(BulkOperation operation) {
    Map<String, List<String>> filter = FilterParameters.write(operation.request().filter());
    return filter.isEmpty()
        ? "all"
        : filter.entrySet().stream()
            .map(entry -> entry.getKey() + "=" + String.join(",", entry.getValue()))
            .collect(Collectors.joining(" "));
  }

  private static String took(BulkOperation operation, Instant end) {
    return Durations.format(Duration.between(operation.createdAt(), end));
  }
}
