package dev.holdfast.spi;

import dev.holdfast.Scope;
import java.time.Duration;
import java.util.Optional;

/**
 * A token to be. The secret itself is nowhere but with its holder.
 *
 * @param name what it is called, for ever
 * @param hash the SHA-256 of the secret, 64 hexadecimal digits
 * @param role what its holder may do
 * @param scope with which jobs
 * @param validFor how long it is valid; empty for no end
 * @param createdBy who asked for it
 */
public record NewToken(
    String name,
    String hash,
    Role role,
    Scope scope,
    Optional<Duration> validFor,
    String createdBy) {}
