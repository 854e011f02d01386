package dev.holdfast.spi;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The result of an exchange; once it is returned, both halves are durable.
 *
 * @param claimed the new leases, in the order in which they should start
 * @param stale leases of acknowledgements that were rejected because the lease had ended
 * @param setAside leases whose job's row another transaction holds: their jobs still run under
 *     these leases, and the holder must acknowledge them again later. All others were accepted
 * @param again when to claim again without a signal, because a rate limit then allows the next
 *     start; or empty
 */
public record Exchange(
    List<Claimed> claimed, List<Lease> stale, List<Lease> setAside, Optional<Duration> again) {

  /** Creates a complete result; signals announce more. */
  public Exchange(List<Claimed> claimed, List<Lease> stale) {
    this(claimed, stale, List.of(), Optional.empty());
  }
}
