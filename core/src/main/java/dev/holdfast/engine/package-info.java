/**
 * The engine: what moves jobs. {@link dev.holdfast.engine.Node} owns it all and is its reading
 * order: {@code Worker} claims and acknowledges, {@code Slots} and {@code Attempt} run handlers,
 * {@code Heartbeat} and {@code LeaseTrust} keep the right to do so, {@code Recovery} takes over
 * what dead nodes left, {@code Promoter} moves due jobs.
 *
 * <p>No clock, thread or SQL in here but in {@code Threads} and {@code DutyThread}: everything else
 * is given them, so that the same engine runs in the virtual time of a simulation.
 */
@NullMarked
package dev.holdfast.engine;

import org.jspecify.annotations.NullMarked;
