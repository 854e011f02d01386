package dev.holdfast.config;

import dev.holdfast.HandlerPolicy;

/**
 * How jobs of one type are treated.
 *
 * @param handler how their handler treats them
 * @param maxAttempts attempts of a job that is enqueued without saying how many
 */
public record TypePolicy(HandlerPolicy handler, int maxAttempts) {}
