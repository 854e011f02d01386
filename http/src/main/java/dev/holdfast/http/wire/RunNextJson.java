package dev.holdfast.http.wire;

import dev.holdfast.JobId;
import dev.holdfast.RunNext;
import java.util.List;

/** Wire form of {@link RunNext}: the effect of releasing the next job of a queue. */
public record RunNextJson(boolean started, List<JobId> jobIds, long pending, String message) {

  /** Returns an effect. */
  public static RunNextJson of(RunNext next) {
    return new RunNextJson(next.started(), next.jobIds(), next.pending(), next.message());
  }

  /** Returns the effect. */
  public RunNext next() {
    return new RunNext(started, jobIds, pending, message);
  }
}
