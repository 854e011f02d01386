package dev.holdfast;

/**
 * A database transaction of the caller's, for enqueuing together with the caller's own writes. The
 * module of the store makes them, such as {@code JdbcTransaction.of(connection)}. The caller keeps
 * it open, commits or rolls back, and uses it from one thread.
 */
public interface Transaction {}
