package dev.holdfast.jdbc.dialect;

import dev.holdfast.JobId;
import dev.holdfast.spi.Signal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Collects what a transaction has to tell others after its commit. Used by one thread at a time.
 */
public final class PostCommitSignals {
  private final Set<Signal> signals = EnumSet.noneOf(Signal.class);
  private final Map<Long, Place> arrivals = new HashMap<>();
  private final List<JobId> reopened = new ArrayList<>();
  private final List<JobId> written = new ArrayList<>();
  private final List<Runnable> ifFailed = new ArrayList<>();

  /** Adds a signal. */
  public void add(Signal signal) {
    signals.add(signal);
  }

  /** Adds the arrival of a claimable job in this lane. */
  public void arrived(long lane, Place place) {
    signals.add(Signal.WORK);
    arrivals.merge(lane, place, Place::first);
  }

  /** Adds a job that can be claimed again, at its previous place. */
  public void reopened(JobId job) {
    signals.add(Signal.WORK);
    reopened.add(job);
  }

  /** Adds a new job. */
  public void wrote(JobId job) {
    written.add(job);
  }

  /** Takes back what this process remembers of the transaction if that is not committed. */
  public void ifFailed(Runnable undo) {
    ifFailed.add(undo);
  }

  /** Handles a transaction that was not committed, or whose outcome is unknown. */
  public void failed() {
    for (int i = ifFailed.size() - 1; i >= 0; i--) {
      ifFailed.get(i).run();
    }
    clear();
  }

  /** Returns all signals. */
  public Set<Signal> signals() {
    return signals;
  }

  /** Returns the first place in each lane where jobs arrived. */
  public Map<Long, Place> arrivals() {
    return arrivals;
  }

  /** Returns the jobs that can be claimed again, whose places are not known. */
  public List<JobId> reopened() {
    return reopened;
  }

  /** Returns the new jobs. */
  public List<JobId> written() {
    return written;
  }

  /** Discards everything. */
  public void clear() {
    signals.clear();
    arrivals.clear();
    reopened.clear();
    written.clear();
    ifFailed.clear();
  }
}
