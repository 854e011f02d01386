package dev.holdfast.torture.checker;

import java.util.List;
import java.util.Locale;

/** The promises about jobs, each with its check. */
public enum Promise {
  /** An acknowledged job is not in the store, or a job finished without having been done. */
  LOST(new Losses()),
  /** A job is in the store and nobody enqueued it. */
  UNEXPECTED(new Intruders()),
  /** A start, or a death with its process, left no trace in the store. */
  UNRECORDED(new UnrecordedStarts()),
  /** Two results of one job were accepted, or one that is not the job's. */
  DOUBLE_ACCEPT(new DoubleAccepts()),
  /** Two handlers ran a job at once, and the first had not been fenced off. */
  OVERLAP(new Overlaps()),
  /** A job had not finished in the end. */
  STUCK(new StuckJobs()),
  /** A history has a gap. */
  GAP(new Gaps()),
  /** A job started early. */
  EARLY(new EarlyStarts()),
  /** Work could run and did not, for too much of the time; see {@link Idleness}. */
  IDLE((job, blows) -> List.of());

  /** Checks one job. */
  @FunctionalInterface
  interface Check {
    /** Returns how the promise was broken; empty if it was kept. */
    List<String> breaches(JobCase job, Blows blows);
  }

  @SuppressWarnings("ImmutableEnumChecker") // checks have no state
  private final Check check;

  Promise(Check check) {
    this.check = check;
  }

  List<String> breaches(JobCase job, Blows blows) {
    return check.breaches(job, blows);
  }

  /** Returns its name for people and machines. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
