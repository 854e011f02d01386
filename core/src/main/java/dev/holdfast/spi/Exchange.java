package dev.holdfast.spi;

import dev.holdfast.Lease;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The answer to an exchange; when it is there, both halves are durable.
 *
 * @param claimed the new leases, in the order in which they should start
 * @param stale those acknowledgements' leases that had ended before; the others were accepted
 * @param again when it is worth asking again, though nobody will tell: a rate allows the next start
 *     then; or empty
 */
public record Exchange(List<Claimed> claimed, List<Lease> stale, Optional<Duration> again) {

  /** One after which others tell when there is more. */
  public Exchange(List<Claimed> claimed, List<Lease> stale) {
    this(claimed, stale, Optional.empty());
  }
}
