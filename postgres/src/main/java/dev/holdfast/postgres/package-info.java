/**
 * The store in a PostgreSQL database. {@code PostgresStoreProvider} opens it; {@code
 * PostgresDatabase} owns the transactions, {@code Pools} the connections, {@code PostgresDialect}
 * the statements of the hot path with the {@code Marks} from which claims look. {@code Lifeline} is
 * the one connection that stays open: by its locks others see that this process lives, and on it
 * this process hears what others have to tell.
 */
@NullMarked
package dev.holdfast.postgres;

import org.jspecify.annotations.NullMarked;
