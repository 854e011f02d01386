package dev.holdfast.spi;

import dev.holdfast.Lease;
import java.util.List;

/**
 * The answer to an exchange; when it is there, both halves are durable.
 *
 * @param claimed the new leases, in the order in which they should start
 * @param stale those acknowledgements' leases that had ended before; the others were accepted
 */
public record Exchange(List<Claimed> claimed, List<Lease> stale) {}
