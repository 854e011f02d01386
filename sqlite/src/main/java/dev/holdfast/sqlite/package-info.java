/**
 * The store in one SQLite file. {@code SqliteStoreProvider} opens it; {@code SqliteDatabase} owns
 * the connections, {@code SqliteDialect} the statements of the hot path, of which {@code DraftRows}
 * has those of new jobs and {@code SqliteClaims} those of claims, {@code NodeFiles} the liveness of
 * nodes by file locks, {@code Doorbell} the waking of other processes.
 */
@NullMarked
package dev.holdfast.sqlite;

import org.jspecify.annotations.NullMarked;
