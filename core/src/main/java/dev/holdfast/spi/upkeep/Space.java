package dev.holdfast.spi.upkeep;

import java.util.Optional;

/**
 * The space that a database takes at one instant.
 *
 * @param bytes its size on disk; on SQLite with the write-ahead log
 * @param freeBytes how much of it is unused and can be given back; empty if the database does not
 *     know that
 * @param deadRows rows of old versions that no vacuum has removed yet, by the database's own count;
 *     empty if there is none
 */
public record Space(long bytes, Optional<Long> freeBytes, Optional<Long> deadRows) {}
