package dev.holdfast.spi.upkeep;

import java.time.Duration;

/**
 * The transaction of a database that has been open for the longest time.
 *
 * @param age how long it has been open
 * @param who the session that it belongs to, in words
 */
public record OldestTransaction(Duration age, String who) {}
