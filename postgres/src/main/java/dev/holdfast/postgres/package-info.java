/**
 * The store in a PostgreSQL database. {@code PostgresStoreProvider} opens it; {@code
 * PostgresDatabase} owns the transactions, {@code Pools} the connections, {@code PostgresDialect}
 * the statements of the hot path with the {@code Marks} from which claims look. {@code Lifeline} is
 * the one connection that stays open: its locks show others that this process is alive, and it
 * receives their notifications.
 */
@NullMarked
package dev.holdfast.postgres;

import org.jspecify.annotations.NullMarked;
