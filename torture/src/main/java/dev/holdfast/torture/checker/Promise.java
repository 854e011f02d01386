package dev.holdfast.torture.checker;

import java.util.List;
import java.util.Locale;

/** What must never happen to a job, each with the way to find out. */
public enum Promise {
  /** Acknowledged, and not in the store; or finished without having been done. */
  LOST(new Losses()),
  /** In the store, and nobody asked for it. */
  UNEXPECTED(new Intruders()),
  /** Started, or died with its process, without a trace in the store. */
  UNRECORDED(new UnrecordedStarts()),
  /** Two results of one job were accepted, or one that is not the job's. */
  DOUBLE_ACCEPT(new DoubleAccepts()),
  /** Run by two at once, and the first had not been fenced off. */
  OVERLAP(new Overlaps()),
  /** Not finished in the end. */
  STUCK(new StuckJobs()),
  /** The history does not join. */
  GAP(new Gaps()),
  /** Started before its time. */
  EARLY(new EarlyStarts());

  /** Looks at one job. */
  @FunctionalInterface
  interface Check {
    /** How the promise was broken; empty if it was kept. */
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

  /** Its name for people and machines. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
