package dev.holdfast;

/**
 * Thrown when the lease has ended: the job has since been cancelled, recovered or claimed again.
 * The data sent with it was discarded.
 */
public final class StaleLeaseException extends HoldfastException {
  private static final long serialVersionUID = 1L;

  /** Creates an exception for the rejected lease. */
  public StaleLeaseException(Lease lease) {
    super(
        Code.STALE_LEASE,
        "job %s attempt %d: the lease with token %d of node %s has ended; its result was discarded"
            .formatted(lease.job(), lease.attempt(), lease.token(), lease.node()),
        null);
  }
}
