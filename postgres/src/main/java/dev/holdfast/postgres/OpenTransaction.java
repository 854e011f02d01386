package dev.holdfast.postgres;

import dev.holdfast.jdbc.dialect.PostCommitSignals;

/**
 * A caller's transaction that is not known to have ended.
 *
 * @param id the transaction id of PostgreSQL
 * @param postCommit what to send after the commit
 */
record OpenTransaction(long id, PostCommitSignals postCommit) {}
