package dev.holdfast.postgres;

import dev.holdfast.jdbc.store.News;

/**
 * A caller's transaction that is not known to have ended.
 *
 * @param id as PostgreSQL counts transactions
 * @param news what there is to tell once it is committed
 */
record OpenTransaction(long id, News news) {}
