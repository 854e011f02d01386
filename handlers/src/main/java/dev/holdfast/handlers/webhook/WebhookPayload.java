package dev.holdfast.handlers.webhook;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What a job of type {@code holdfast.webhook} delivers.
 *
 * @param delivery the number of the delivery
 */
public record WebhookPayload(@JsonProperty("delivery") long delivery) {}
