/**
 * Webhook deliveries, which are ordinary jobs.
 *
 * <p>{@link dev.holdfast.handlers.webhook.Webhooks} adds everything to a node. The store records
 * deliveries; {@code Relay} enqueues a job for each; {@code WebhookHandler} composes the message,
 * signs it ({@link dev.holdfast.handlers.webhook.Signing}) and posts it; {@code AlertWatch}
 * measures alerts.
 */
@NullMarked
package dev.holdfast.handlers.webhook;

import org.jspecify.annotations.NullMarked;
