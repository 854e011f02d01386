package dev.holdfast.server.access;

import java.time.Instant;

/**
 * A session of a browser that was signed in with a token.
 *
 * @param id a random id
 * @param tokenHash the SHA-256 of the token's secret; the session is valid only while the token is
 * @param end the time when the session ends by itself
 */
public record BrowserSession(String id, String tokenHash, Instant end) {}
