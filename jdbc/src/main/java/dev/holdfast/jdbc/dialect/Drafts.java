package dev.holdfast.jdbc.dialect;

import dev.holdfast.JobState;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.spi.record.JobDraft;

/** Column values of a new job that depend on the time of writing. */
public final class Drafts {
  private Drafts() {}

  /** Returns the due time. */
  public static long runAt(JobDraft draft, long now) {
    return draft
        .runAt()
        .map(Micros::of)
        .orElseGet(() -> draft.delay().map(delay -> now + Micros.of(delay)).orElse(now));
  }

  /** Returns the initial state. */
  public static JobState state(JobDraft draft, long now) {
    if (!draft.waits().isNone()) {
      return JobState.BLOCKED;
    }
    return runAt(draft, now) <= now ? JobState.PENDING : JobState.SCHEDULED;
  }
}
