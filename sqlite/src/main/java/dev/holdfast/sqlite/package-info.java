/**
 * The store in one SQLite file. {@code SqliteStoreProvider} opens it; {@code SqliteDatabase} owns
 * the connections, {@code SqliteDialect} the statements of the hot path, with {@code DraftRows} for
 * new jobs and {@code SqliteClaims} for claims, {@code NodeFiles} the liveness of nodes by file
 * locks, {@code Doorbell} the notification of other processes.
 */
@NullMarked
package dev.holdfast.sqlite;

import org.jspecify.annotations.NullMarked;
