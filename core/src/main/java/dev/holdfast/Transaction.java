package dev.holdfast;

/**
 * A database transaction of the caller, for enqueuing together with the caller's own writes.
 * Created by the module of the store, for example {@code JdbcTransaction.of(connection)}. The
 * caller keeps it open, commits or rolls back, and uses it from one thread.
 */
public interface Transaction {}
