package dev.holdfast.engine.queue;

import dev.holdfast.JobEvent;
import dev.holdfast.JobState;
import dev.holdfast.OnSignalTimeout;
import dev.holdfast.Predecessor;
import dev.holdfast.QueueStatus;
import dev.holdfast.Requirements;
import dev.holdfast.spi.Situation;
import dev.holdfast.spi.record.JobRecord;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Texts of explanations that need more than one fact. */
final class ExplanationTexts {
  private ExplanationTexts() {}

  static String awaited(JobRecord.Signal signal) {
    return "it waits for signal '%s'%s, and %s if that does not come"
        .formatted(
            signal.name(),
            signal.awaitedUntil().map(until -> " until " + until).orElse(""),
            signal.ifLate().equals(Optional.of(OnSignalTimeout.RUN)) ? "runs" : "fails");
  }

  static String predecessors(Situation.Waiting waiting) {
    List<Predecessor> first = waiting.first();
    if (first.isEmpty()) {
      return "";
    }
    boolean areMore = waiting.openJobs() > first.size();
    return first.stream()
        .map(other -> "%s (%s, %s)".formatted(other.id(), other.type(), other.state()))
        .collect(Collectors.joining(", ", ": ", areMore ? ", …" : ""));
  }

  /** Returns what no node has; if each has a part of it, what each lacks. */
  static String lacking(Requirements required, List<QueueStatus.Node> handlers) {
    List<List<Requirements.Condition>> unmet =
        handlers.stream().map(node -> required.unmetBy(node.capabilities())).toList();
    List<Requirements.Condition> byAll =
        unmet.get(0).stream()
            .filter(condition -> unmet.stream().allMatch(some -> some.contains(condition)))
            .toList();
    return byAll.isEmpty()
        ? "each lacks something, such as " + unmet.get(0).get(0)
        : String.join(", ", byAll.stream().map(Requirements.Condition::toString).toList());
  }

  /** Returns who cancelled it, or the predecessor whose end did. */
  static String byAndWhy(List<JobEvent> history) {
    return history.stream()
        .filter(event -> event.to() == JobState.CANCELLED)
        .reduce((older, newer) -> newer)
        .map(
            event ->
                (event.by().isEmpty() || event.by().startsWith(Explainer.JOB)
                        ? ""
                        : " by " + event.by())
                    + (event.why().isEmpty() ? "" : ": " + event.why()))
        .orElse("");
  }

  /** Advises what to start for a type. Those that need no program run where they are allowed. */
  static String handlerAdvice(String type) {
    return switch (type) {
      case "exec" ->
          "allow its program where it is to run: holdfast serve --allow-exec PROGRAM, or holdfast"
              + " work";
      case "http" ->
          "allow its URL where it is to run: holdfast serve --allow-http URL, or holdfast work";
      default ->
          "start the program that handles this type; holdfast workers shows who handles what";
    };
  }
}
