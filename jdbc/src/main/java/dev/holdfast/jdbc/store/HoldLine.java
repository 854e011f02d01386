package dev.holdfast.jdbc.store;

import dev.holdfast.Lease;
import dev.holdfast.spi.Claimed;
import java.util.Optional;

/**
 * Jobs under a limit of which their node runs one at a time, so that they count as one. Within a
 * claim.
 */
final class HoldLine {
  private static final long GOLDEN = 0x9e3779b97f4a7c15L; // spreads what follows each other

  private Optional<String> group; // empty if its jobs are of several
  private Optional<Long> id;
  private int jobs;

  private HoldLine(String group, Optional<Long> id, int jobs) {
    this.group = Optional.of(group);
    this.id = id;
    this.jobs = jobs;
  }

  /** A new one, of this group or of none, for one job. */
  static HoldLine open(String group) {
    return new HoldLine(group, Optional.empty(), 1);
  }

  /** One that is held. */
  static HoldLine held(Holds.Line line) {
    return new HoldLine(line.group(), line.line(), line.jobs());
  }

  /** The same one, with its jobs of another group. */
  HoldLine with(HoldLine other) {
    group = Optional.empty();
    jobs += other.jobs;
    return this;
  }

  /** Whether all of its jobs are of this group. */
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
   * The job in this line, which is named after the lease that opened it, as no other is like it.
   */
  Claimed add(Claimed job) {
    long known = id.orElseGet(() -> named(job.lease()));
    id = Optional.of(known);
    return job.inLine(known);
  }

  private static long named(Lease opener) {
    return opener.job().value().getLeastSignificantBits() ^ (GOLDEN * opener.token());
  }
}
