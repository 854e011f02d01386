package dev.holdfast.jdbc.limits;

import dev.holdfast.jdbc.dialect.Permits;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.Lease;
import java.util.Optional;

/**
 * Jobs under a limit of which their node runs one at a time, so that they count as one. Within a
 * claim.
 */
public final class SharedPermit {
  private static final long GOLDEN = 0x9e3779b97f4a7c15L; // spreads what follows each other

  private Optional<String> group; // empty if its jobs are of several
  private Optional<Long> id;
  private int jobs;

  private SharedPermit(String group, Optional<Long> id, int jobs) {
    this.group = Optional.of(group);
    this.id = id;
    this.jobs = jobs;
  }

  /** A new one, of this group or of none, for one job. */
  static SharedPermit open(String group) {
    return new SharedPermit(group, Optional.empty(), 1);
  }

  /** Creates a permit that is held. */
  static SharedPermit held(Permits.Line line) {
    return new SharedPermit(line.group(), line.line(), line.jobs());
  }

  /** Adds its jobs of another group. */
  SharedPermit with(SharedPermit other) {
    group = Optional.empty();
    jobs += other.jobs;
    return this;
  }

  /** Returns whether all of its jobs are of this group. */
  boolean isOf(String only) {
    return group.filter(only::equals).isPresent();
  }

  int jobs() {
    return jobs;
  }

  void chosen() {
    jobs++;
  }

  /**
   * Returns the job with this permit, whose id is derived from the lease that opened it and so is
   * unique.
   */
  public Claimed add(Claimed job, boolean alone) {
    long known = id.orElseGet(() -> named(job.lease()));
    id = Optional.of(known);
    return job.inLine(known, alone);
  }

  private static long named(Lease opener) {
    return opener.job().value().getLeastSignificantBits() ^ (GOLDEN * opener.token());
  }
}
