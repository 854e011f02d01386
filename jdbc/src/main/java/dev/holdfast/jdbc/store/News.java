package dev.holdfast.jdbc.store;

import dev.holdfast.JobId;
import dev.holdfast.spi.Signal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a transaction has to tell others once it is committed. Used by one thread at a time. */
public final class News {
  private final Set<Signal> signals = EnumSet.noneOf(Signal.class);
  private final Map<Long, Place> arrivals = new HashMap<>();
  private final List<JobId> reopened = new ArrayList<>();
  private final List<JobId> written = new ArrayList<>();

  /** Something to look at. */
  public void add(Signal signal) {
    signals.add(signal);
  }

  /** A job that can be claimed arrived in this lane. */
  public void arrived(long lane, Place place) {
    signals.add(Signal.WORK);
    arrivals.merge(lane, place, Place::first);
  }

  /** A job can be claimed again, where it stood before. */
  void reopened(JobId job) {
    signals.add(Signal.WORK);
    reopened.add(job);
  }

  /** A new job was written. */
  void wrote(JobId job) {
    written.add(job);
  }

  /** All that there is to look at. */
  public Set<Signal> signals() {
    return signals;
  }

  /** The foremost place in each lane where jobs arrived. */
  public Map<Long, Place> arrivals() {
    return arrivals;
  }

  /** Jobs that can be claimed again, whose places nobody has named. */
  public List<JobId> reopened() {
    return reopened;
  }

  /** New jobs. */
  public List<JobId> written() {
    return written;
  }

  /** Forgets everything. */
  public void clear() {
    signals.clear();
    arrivals.clear();
    reopened.clear();
    written.clear();
  }
}
