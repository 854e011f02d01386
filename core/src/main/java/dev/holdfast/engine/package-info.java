/**
 * The engine, which moves jobs. {@link dev.holdfast.engine.Node} owns everything and is the place
 * to start reading: {@code Worker} claims and acknowledges, {@code Slots} and {@code Attempt} run
 * handlers, {@code Heartbeat} and {@code LeaseTrust} keep the right to do so, {@code Recovery}
 * takes over the jobs of dead nodes, {@code Promoter} moves due jobs.
 *
 * <p>No clock, thread or SQL is used here: the engine receives them as a {@link
 * dev.holdfast.engine.runtime.Platform} and a store, so that it also runs in the virtual time of a
 * simulation.
 */
@NullMarked
package dev.holdfast.engine;

import org.jspecify.annotations.NullMarked;
