/**
 * The part of a store that servers use: tokens, keys of leases, webhooks, alerts and the audit log.
 */
@NullMarked
package dev.holdfast.spi.server;

import org.jspecify.annotations.NullMarked;
