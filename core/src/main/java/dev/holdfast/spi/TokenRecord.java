package dev.holdfast.spi;

import dev.holdfast.Scope;
import java.time.Instant;
import java.util.Optional;

/**
 * A token as it was seen at one instant.
 *
 * @param name what it is called
 * @param hash the SHA-256 of the secret, 64 hexadecimal digits
 * @param role what its holder may do
 * @param scope with which jobs
 * @param createdBy who asked for it
 * @param createdAt when it was created
 * @param expiresAt until when it is valid
 * @param lastUsedAt when it was last used, about
 * @param revokedAt when it was revoked
 * @param valid whether it was valid at that instant, by the store's clock
 */
public record TokenRecord(
    String name,
    String hash,
    Role role,
    Scope scope,
    String createdBy,
    Instant createdAt,
    Optional<Instant> expiresAt,
    Optional<Instant> lastUsedAt,
    Optional<Instant> revokedAt,
    boolean valid) {}
