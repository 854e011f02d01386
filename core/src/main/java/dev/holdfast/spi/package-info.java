/**
 * What a store must offer, and the small things that the engine is made of and a simulation
 * replaces: time, duties, the threads of handlers.
 *
 * <p>The only door to a database is {@link dev.holdfast.spi.JobStore}. Durations go in, instants
 * come out: the store's own clock stamps every row.
 *
 * <p>{@link dev.holdfast.spi.SystemTime} is the only reader of a clock, and {@link
 * dev.holdfast.spi.JobIds} makes ids by it: for the engine, and for clients that have none.
 */
@NullMarked
package dev.holdfast.spi;

import org.jspecify.annotations.NullMarked;
