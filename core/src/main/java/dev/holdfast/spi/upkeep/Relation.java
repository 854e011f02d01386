package dev.holdfast.spi.upkeep;

import java.util.Optional;

/**
 * A table or an index.
 *
 * @param name its name
 * @param table the table that an index belongs to; for a table its own name
 * @param bytes its size; of a table without its indexes
 * @param isEstimated whether the size was estimated from a part of it
 * @param deadRows rows of old versions in a table, by the database's own count; empty for indexes
 *     and databases without such rows
 */
public record Relation(
    String name, String table, long bytes, boolean isEstimated, Optional<Long> deadRows) {}
