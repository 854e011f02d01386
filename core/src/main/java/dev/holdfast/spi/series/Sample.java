package dev.holdfast.spi.series;

import dev.holdfast.JobState;
import dev.holdfast.series.Series.Counts;
import java.time.Duration;

/**
 * The changes of jobs in some time: a transaction, a minute, or an hour. Mutable; used by one
 * thread.
 */
public final class Sample {
  private Counts counts;
  private final Histogram waits;
  private final Histogram runs;

  /** Creates an empty sample. */
  public Sample() {
    this(Counts.NONE, new Histogram(), new Histogram());
  }

  /** Creates a sample of stored values. */
  public Sample(Counts counts, Histogram waits, Histogram runs) {
    this.counts = counts;
    this.waits = waits;
    this.runs = runs;
  }

  /** Counts new jobs. */
  public void enqueued(long jobs) {
    counts = counts.plus(new Counts(jobs, 0, 0, 0, 0, 0));
  }

  /** Counts an attempt that failed and is followed by another one. */
  public void retried() {
    counts = counts.plus(new Counts(0, 0, 0, 1, 0, 0));
  }

  /** Counts a job that came to this state: ended, or interrupted; others count for nothing. */
  public void ended(JobState state) {
    counts =
        counts.plus(
            new Counts(
                0,
                state == JobState.COMPLETED ? 1 : 0,
                state == JobState.FAILED ? 1 : 0,
                0,
                state == JobState.CANCELLED ? 1 : 0,
                state == JobState.INTERRUPTED ? 1 : 0));
  }

  /** Adds the times of a job's last attempt. */
  public void took(Duration waited, Duration ran) {
    waits.add(waited);
    runs.add(ran);
  }

  /** Adds all of another sample. */
  public void add(Sample more) {
    counts = counts.plus(more.counts);
    waits.add(more.waits);
    runs.add(more.runs);
  }

  /** Returns the numbers of changes. */
  public Counts counts() {
    return counts;
  }

  /** Returns how long jobs were due before their last attempt. */
  public Histogram waits() {
    return waits;
  }

  /** Returns how long their last attempts took. */
  public Histogram runs() {
    return runs;
  }
}
