package dev.holdfast.server.worker;

import dev.holdfast.JobId;
import dev.holdfast.server.access.SigningKeys;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.TimeSource;
import dev.holdfast.spi.server.LeaseKey;
import dev.holdfast.spi.server.LeaseKeyStore;
import java.time.Instant;
import java.util.Optional;

/**
 * Signs the leases of remote workers and verifies them. They have no expiry; the job's row decides
 * whether a lease is valid. Thread-safe.
 */
final class LeaseSigner {
  private final SigningKeys keys;

  LeaseSigner(LeaseKeyStore store, TimeSource time) {
    this.keys = new SigningKeys(store, time);
  }

  /** Returns the signed lease for the worker. */
  String sign(Lease lease, Instant claimedAt) {
    LeaseKey key = keys.newest();
    LeaseText text = new LeaseText(key.id(), lease, claimedAt, "");
    return text.signed(SigningKeys.sign(key, signed(text))).toString();
  }

  /**
   * Verifies a lease that was issued with a job.
   *
   * @return the lease; empty if no server of this queue issued it for this job, or its key is no
   *     longer kept
   * @throws dev.holdfast.error.InvalidRequestException if it is malformed
   */
  Optional<LeaseText> verify(JobId job, String text) {
    return LeaseText.parse(job, text)
        .filter(given -> keys.isSigned(given.key(), signed(given), given.signature()));
  }

  private static String signed(LeaseText text) {
    return text.unsigned() + "." + text.lease().job();
  }
}
