package dev.holdfast.error;

/**
 * Thrown when the lease has ended: the job has since been cancelled, recovered or claimed again.
 * The data sent with it was discarded.
 */
public final class StaleLeaseException extends HoldfastException {
  private static final long serialVersionUID = 1L;

  /** Creates an exception with this message; {@code Lease.stale()} has the one for a lease. */
  public StaleLeaseException(String message) {
    super(Code.STALE_LEASE, message, null);
  }
}
