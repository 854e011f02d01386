/**
 * The interface of stores, and the services that the engine uses and a simulation replaces: time,
 * duties, the threads of handlers.
 *
 * <p>All access to a database goes through {@link dev.holdfast.spi.JobStore}. Durations go in,
 * instants come out: the store's own clock stamps every row.
 *
 * <p>{@link dev.holdfast.spi.SystemTime} is the only reader of a clock, and {@link
 * dev.holdfast.spi.JobIds} creates ids from it: for the engine, and for clients that have no store.
 */
@NullMarked
package dev.holdfast.spi;

import org.jspecify.annotations.NullMarked;
