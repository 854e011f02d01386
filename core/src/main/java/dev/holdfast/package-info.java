/**
 * The API of Holdfast, a durable job queue.
 *
 * <p>The life of a job: {@linkplain dev.holdfast.JobQueue#enqueue enqueue} writes it durably, a
 * worker claims it under a {@linkplain dev.holdfast.spi.Lease lease}, a {@link
 * dev.holdfast.JobHandler} runs it, the acknowledgement ends it, and its {@linkplain
 * dev.holdfast.JobEvent history} stays.
 *
 * <p>The promise: an acknowledged job is never lost. It is runnable, waiting for something or
 * someone known, held under a live lease, or finished – so it is never stuck. After a fault it may
 * start again; every start is recorded with its cause and carries a fencing token, and at most one
 * attempt's result is ever accepted.
 *
 * <p>Everything here is thread-safe unless documented otherwise, and nothing is null unless marked
 * {@code @Nullable}.
 */
@NullMarked
package dev.holdfast;

import org.jspecify.annotations.NullMarked;
