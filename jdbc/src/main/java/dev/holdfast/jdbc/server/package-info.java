/** The tables of servers: tokens, keys of leases, alerts, deliveries and the audit log. */
@NullMarked
package dev.holdfast.jdbc.server;

import org.jspecify.annotations.NullMarked;
