package dev.holdfast.spi.server;

import java.time.Instant;
import java.util.Optional;

/**
 * A key with which servers sign leases.
 *
 * @param id identifies the key in a signed lease
 * @param secret 64 hexadecimal digits
 * @param createdAt when it was created
 * @param replacedAt when another one replaced it; empty if this one is in use
 */
public record LeaseKey(String id, String secret, Instant createdAt, Optional<Instant> replacedAt) {
  /** Omits the secret. */
  @Override
  public String toString() {
    return "lease key " + id;
  }
}
