package dev.holdfast.engine;

import dev.holdfast.JobQueue;
import dev.holdfast.engine.runtime.Platform;
import dev.holdfast.spi.JobStore;

/**
 * The parts that a node works with.
 *
 * @param queue the queue over {@code store} that handlers use
 * @param platform its clocks and threads
 */
public record NodeSetup(JobStore store, JobQueue queue, Handlers handlers, Platform platform) {}
