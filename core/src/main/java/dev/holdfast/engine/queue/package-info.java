/**
 * The queue of a process: {@link dev.holdfast.engine.queue.StoreQueue} implements {@link
 * dev.holdfast.JobQueue} over a store, and other classes here implement what it returns. {@code
 * JobDrafts} checks and encodes jobs, {@code Awaits} watches those that callers wait for, {@code
 * Explainer} says why a job is in its state.
 */
@NullMarked
package dev.holdfast.engine.queue;

import org.jspecify.annotations.NullMarked;
