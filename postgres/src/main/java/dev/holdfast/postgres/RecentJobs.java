package dev.holdfast.postgres;

import dev.holdfast.JobId;
import dev.holdfast.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The jobs that this process wrote in its last minute of writing, up to a maximum. A standby that
 * takes over without having received all of them has lost some; this finds out which. A process
 * that has written nothing since notices a failover late, so its last minute is kept for an hour;
 * after that, jobs may be missing because they were removed.
 */
final class RecentJobs {
  private static final int JOBS_MAX = 100_000;
  private static final long SPAN_NANOS = Duration.ofMinutes(1).toNanos();
  private static final long KEPT_NANOS = Duration.ofHours(1).toNanos();

  private final TimeSource time;
  private final ReentrantLock lock = new ReentrantLock();
  private final long[] high = new long[JOBS_MAX]; // guarded by lock, like all below
  private final long[] low = new long[JOBS_MAX];
  private final long[] ticks = new long[JOBS_MAX];
  private long count;
  private long newestTicks;

  RecentJobs(TimeSource time) {
    this.time = time;
  }

  void add(List<JobId> jobs) {
    if (jobs.isEmpty()) {
      return;
    }
    lock.lock();
    try {
      long now = time.ticks();
      newestTicks = now;
      for (JobId job : jobs) {
        int place = (int) (count % JOBS_MAX);
        high[place] = job.value().getMostSignificantBits();
        low[place] = job.value().getLeastSignificantBits();
        ticks[place] = now;
        count++;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Forgets jobs that are lost and have been reported. */
  void forget(Collection<JobId> jobs) {
    Set<JobId> gone = Set.copyOf(jobs);
    lock.lock();
    try {
      long expired = time.ticks() - KEPT_NANOS;
      for (int place = 0; place < Math.min(count, JOBS_MAX); place++) {
        if (gone.contains(new JobId(new UUID(high[place], low[place])))) {
          ticks[place] = expired;
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Returns all remembered jobs, oldest first. */
  List<JobId> all() {
    lock.lock();
    try {
      List<JobId> jobs = new ArrayList<>();
      long now = time.ticks();
      for (long i = Math.max(0, count - JOBS_MAX); i < count; i++) {
        int place = (int) (i % JOBS_MAX);
        if (now - ticks[place] < KEPT_NANOS && newestTicks - ticks[place] < SPAN_NANOS) {
          jobs.add(new JobId(new UUID(high[place], low[place])));
        }
      }
      return jobs;
    } finally {
      lock.unlock();
    }
  }
}
