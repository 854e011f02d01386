package dev.holdfast.http.wire;

import dev.holdfast.Enqueued;
import dev.holdfast.JobId;

/** Wire form of {@link Enqueued}: the answer to an enqueue. */
public record EnqueuedJson(JobId id, boolean duplicate) {

  /** Returns an answer. */
  public static EnqueuedJson of(Enqueued enqueued) {
    return new EnqueuedJson(enqueued.id(), enqueued.duplicate());
  }

  /** Returns the answer. */
  public Enqueued enqueued() {
    return new Enqueued(id, duplicate);
  }
}
