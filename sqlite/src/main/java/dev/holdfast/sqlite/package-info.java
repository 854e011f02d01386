/**
 * The store in one SQLite file. {@code SqliteStoreProvider} opens it; {@code SqliteDatabase} owns
 * the connections, {@code SqliteDialect} the statements of the hot path, {@code NodeFiles} the
 * liveness of nodes by file locks, {@code Doorbell} the waking of other processes.
 */
@NullMarked
package dev.holdfast.sqlite;

import org.jspecify.annotations.NullMarked;
