package dev.holdfast;

/**
 * The lease has ended: the job was cancelled, recovered or claimed again since. What was sent with
 * it was discarded.
 */
public final class StaleLeaseException extends HoldfastException {
  private static final long serialVersionUID = 1L;

  /** For the lease that was refused. */
  public StaleLeaseException(Lease lease) {
    super(
        Code.STALE_LEASE,
        "job %s attempt %d: the lease with token %d of node %s has ended; its result was discarded"
            .formatted(lease.job(), lease.attempt(), lease.token(), lease.node()),
        null);
  }
}
