package dev.holdfast.http.wire;

import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.OnPredecessorFailure;
import dev.holdfast.Predecessor;
import dev.holdfast.http.Redaction;
import java.util.Optional;

/** Wire form of a {@link Predecessor}: a job that another one waits for. */
public record PredecessorJson(
    int position,
    JobId id,
    String type,
    JobState state,
    Optional<RawJson> result,
    OnPredecessorFailure ifFailed,
    boolean open) {

  /** Returns a predecessor without what is secret in its result. */
  public static PredecessorJson of(Predecessor predecessor, Redaction redaction) {
    return new PredecessorJson(
        predecessor.position(),
        predecessor.id(),
        predecessor.type(),
        predecessor.state(),
        predecessor.result().map(json -> new RawJson(redaction.of("result", json))),
        predecessor.ifFailed(),
        predecessor.isOpen());
  }

  /** Returns the same with another position. */
  public PredecessorJson at(int newPosition) {
    return new PredecessorJson(newPosition, id, type, state, result, ifFailed, open);
  }

  /** Returns the predecessor. */
  public Predecessor predecessor() {
    return new Predecessor(position, id, type, state, RawJson.text(result), ifFailed, open);
  }
}
