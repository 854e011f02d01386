package dev.holdfast.config;

import dev.holdfast.HandlerPolicy;

/**
 * The treatment of jobs of one type.
 *
 * @param handler the policy of the handler
 * @param maxAttempts default number of attempts
 */
public record TypePolicy(HandlerPolicy handler, int maxAttempts) {}
