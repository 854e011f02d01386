package dev.holdfast.torture.mutants;

import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Lease;

/** Creates acknowledgements with other tokens. */
final class Acknowledgements {
  private Acknowledgements() {}

  static Acknowledgement under(Acknowledgement end, long token) {
    return new Acknowledgement(under(end.lease(), token), end.transition(), end.ran(), end.notes());
  }

  static Lease under(Lease lease, long token) {
    return new Lease(lease.job(), token, lease.attempt(), lease.node());
  }
}
