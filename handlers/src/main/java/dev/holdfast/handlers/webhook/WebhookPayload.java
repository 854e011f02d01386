package dev.holdfast.handlers.webhook;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The payload of a job of type {@code holdfast.webhook}.
 *
 * @param delivery the number of the delivery
 */
public record WebhookPayload(@JsonProperty("delivery") long delivery) {}
