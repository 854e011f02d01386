/**
 * For testing with Holdfast, and Holdfast itself.
 *
 * <p>{@link dev.holdfast.testkit.JobStoreContract} is the specification of a store; {@link
 * dev.holdfast.testkit.MemoryJobStore} is the smallest store that passes it. In a {@link
 * dev.holdfast.testkit.World} the real engine runs in virtual time, several nodes of it, and a test
 * says what happens. In a {@link dev.holdfast.testkit.Simulation} everything that happens in such a
 * world, faults included, is drawn from one seed.
 *
 * <p>Virtual time runs from event to event. A handler is a real thread that runs only in its turn,
 * so user code may sleep and be interrupted as it likes, and still one thing happens at a time and
 * the same beginning has the same end. A call to the store may take its time: what others do
 * meanwhile happens within it.
 */
@NullMarked
package dev.holdfast.testkit;

import org.jspecify.annotations.NullMarked;
