/**
 * Tools to test with Holdfast, and to test Holdfast itself.
 *
 * <p>{@link dev.holdfast.testkit.JobStoreContract} is the specification of a store; {@link
 * dev.holdfast.test.memory.MemoryJobStore} is the smallest store that passes it. In a {@link
 * dev.holdfast.testkit.World} several nodes of the real engine run in virtual time, and a test
 * decides what happens. In a {@link dev.holdfast.testkit.Simulation} everything that happens in
 * such a world, faults included, is drawn from one seed.
 *
 * <p>Virtual time runs from event to event. A handler is a real thread that runs only in its turn,
 * so user code may sleep and be interrupted freely, yet only one thing happens at a time and the
 * same start has the same outcome. A call to the store may take time: what others do meanwhile
 * happens within it.
 */
@NullMarked
package dev.holdfast.testkit;

import org.jspecify.annotations.NullMarked;
