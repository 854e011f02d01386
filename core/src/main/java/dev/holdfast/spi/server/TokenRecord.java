package dev.holdfast.spi.server;

import dev.holdfast.search.Scope;
import java.time.Instant;
import java.util.Optional;

/**
 * An API token as of one instant.
 *
 * @param name the name
 * @param hash the SHA-256 of the secret, 64 hexadecimal digits
 * @param role the permissions of its holder
 * @param scope the jobs that its holder may access
 * @param createdBy the person or program that created it
 * @param createdAt when it was created
 * @param expiresAt its expiry
 * @param lastUsedAt approximate time of its last use
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
