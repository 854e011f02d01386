package dev.holdfast.torture.checker;

import dev.holdfast.torture.evidence.Effect;
import dev.holdfast.torture.evidence.Effect.Kind;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One run of a handler, as logged by its process.
 *
 * @param process the process
 * @param effects its lines; the first one is {@code BEGIN}
 */
record Life(String process, List<Effect> effects) {
  private static final Set<String> DELAYS = Set.of("RETRY", "SNOOZE");

  Effect begin() {
    return effects.get(0);
  }

  long token() {
    return begin().token();
  }

  Optional<Effect> end() {
    return first(Kind.END);
  }

  /** Returns when it ended, by its own log line or its process's death. */
  long over(Blows blows) {
    long killed =
        blows
            .endOf(process, begin().at().ticks())
            .map(end -> end.at().ticks())
            .orElse(Long.MAX_VALUE);
    return end().map(end -> Math.min(end.at().ticks(), killed)).orElse(killed);
  }

  /** Returns when it was interrupted. */
  Optional<Effect> told() {
    return first(Kind.TOLD);
  }

  /** Returns when it was about to complete its job in its own transaction. */
  Optional<Effect> opened() {
    return first(Kind.OPEN);
  }

  Optional<Effect> accepted() {
    return first(Kind.ACCEPTED);
  }

  Optional<Effect> refused() {
    return first(Kind.STALE);
  }

  private Optional<Effect> first(Kind kind) {
    return effects.stream().filter(effect -> effect.kind() == kind).findFirst();
  }

  boolean saidThatItCompletes() {
    return Stream.concat(opened().stream(), end().stream())
        .anyMatch(effect -> effect.what().equals(Effect.COMPLETES));
  }

  boolean completionWasAccepted() {
    return accepted().filter(ack -> ack.what().equals("COMPLETE")).isPresent();
  }

  /**
   * Returns whether its delay was accepted; an interrupted handler gives its job back at once, even
   * if it requests a delay.
   */
  boolean delayWasAccepted() {
    return accepted().filter(ack -> DELAYS.contains(ack.what())).isPresent();
  }

  @Override
  public String toString() {
    return "token " + token() + " in " + process;
  }
}
