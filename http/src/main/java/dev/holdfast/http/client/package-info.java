/**
 * The Java client for a queue behind a server. {@link dev.holdfast.http.client.HttpJobQueue} is the
 * entry point, in which each operation is a request. {@code Transport} sends it, retries it where
 * that is safe, and turns errors into the exception that an embedded queue would have thrown
 * ({@code SendResult}). {@code Reply} reads the responses as records of {@link
 * dev.holdfast.http.wire}.
 *
 * <p>Each request declares once whether it may be repeated ({@code Request.Repeat}): an enqueue
 * carries the ids of its jobs, so that a second one changes nothing, but a repeated cancellation
 * would report that there was nothing to cancel.
 */
@NullMarked
package dev.holdfast.http.client;

import org.jspecify.annotations.NullMarked;
