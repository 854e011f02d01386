package dev.holdfast.http.wire;

import dev.holdfast.http.Redaction;
import dev.holdfast.step.Step;
import dev.holdfast.step.StepKind;
import java.time.Instant;
import java.util.Optional;

/** Wire form of a {@link Step}. */
public record StepJson(
    int position,
    String name,
    StepKind kind,
    int attempt,
    Instant startedAt,
    Optional<Instant> finishedAt,
    Optional<Instant> until,
    Optional<RawJson> result) {

  /** Returns a step without what is secret in its result. */
  public static StepJson of(Step step, Redaction redaction) {
    return new StepJson(
        step.position(),
        step.name(),
        step.kind(),
        step.attempt(),
        step.startedAt(),
        step.finishedAt(),
        step.until(),
        step.result().map(json -> new RawJson(redaction.of("step", json))));
  }

  /** Returns the step. */
  public Step step() {
    return new Step(
        position, name, kind, attempt, startedAt, finishedAt, until, RawJson.text(result));
  }
}
