package dev.holdfast.spi.server;

import dev.holdfast.search.Scope;
import java.time.Duration;
import java.util.Optional;

/**
 * An API token to create. Only its holder has the secret itself.
 *
 * @param name the name; cannot be changed or reused
 * @param hash the SHA-256 of the secret, 64 hexadecimal digits
 * @param role the permissions of its holder
 * @param scope the jobs that its holder may access
 * @param validFor its validity; empty for unlimited
 * @param createdBy the person or program that created it
 */
public record NewToken(
    String name,
    String hash,
    Role role,
    Scope scope,
    Optional<Duration> validFor,
    String createdBy) {}
