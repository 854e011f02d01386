package dev.holdfast.jdbc.store;

import dev.holdfast.JobState;
import dev.holdfast.spi.JobDraft;

/** What a new job's row is to hold that depends on the time of its writing. */
public final class Drafts {
  private Drafts() {}

  /** Its due time. */
  public static long runAt(JobDraft draft, long now) {
    return draft
        .runAt()
        .map(Micros::of)
        .orElseGet(() -> draft.delay().map(delay -> now + Micros.of(delay)).orElse(now));
  }

  /** Its first state. */
  public static JobState state(JobDraft draft, long now) {
    if (!draft.waits().isNone()) {
      return JobState.BLOCKED;
    }
    return runAt(draft, now) <= now ? JobState.PENDING : JobState.SCHEDULED;
  }
}
