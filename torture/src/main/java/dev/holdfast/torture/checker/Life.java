package dev.holdfast.torture.checker;

import dev.holdfast.torture.evidence.Effect;
import dev.holdfast.torture.evidence.Effect.Kind;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One run of a handler, as its process wrote it down.
 *
 * @param process which process
 * @param effects its lines; the first one is the begin
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

  /** When it was over, by its own word or its process's death. */
  long over(Blows blows) {
    long killed =
        blows
            .endOf(process, begin().at().ticks())
            .map(end -> end.at().ticks())
            .orElse(Long.MAX_VALUE);
    return end().map(end -> Math.min(end.at().ticks(), killed)).orElse(killed);
  }

  /** When it was told to end. */
  Optional<Effect> told() {
    return first(Kind.TOLD);
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
    return end().filter(end -> end.what().equals(Effect.COMPLETES)).isPresent();
  }

  boolean completionWasAccepted() {
    return accepted().filter(ack -> ack.what().equals("COMPLETE")).isPresent();
  }

  /** One that was told to end gives its job back at once, whatever it says. */
  boolean delayWasAccepted() {
    return accepted().filter(ack -> DELAYS.contains(ack.what())).isPresent();
  }

  @Override
  public String toString() {
    return "token " + token() + " in " + process;
  }
}
