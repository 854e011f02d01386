/**
 * Telling webhooks what happened: deliveries are jobs like others.
 *
 * <p>{@link dev.holdfast.handlers.webhook.Webhooks} adds to a node what it takes. The store writes
 * down what is to be told; {@code Relay} enqueues a job for each; {@code WebhookHandler} composes
 * the message, signs it ({@link dev.holdfast.handlers.webhook.Signing}) and posts it; {@code
 * AlertWatch} lets alerts be measured.
 */
@NullMarked
package dev.holdfast.handlers.webhook;

import org.jspecify.annotations.NullMarked;
