/**
 * A queue that is reached through a server, for programs in Java. {@link
 * dev.holdfast.http.client.HttpJobQueue} is the door, and reads as a table of contents: each
 * operation is a request. {@code Transport} sends it, repeats it where that is harmless, and turns
 * what went wrong into the exception that a queue at hand would have thrown ({@code Trial}). The
 * classes named {@code …Reader} read what came back.
 *
 * <p>What makes a repetition harmless is decided once for each request ({@code Request.Repeat}): an
 * enqueue carries the ids of its jobs, so that a second one changes nothing; a cancellation that is
 * sent twice would tell that there was nothing to cancel.
 */
@NullMarked
package dev.holdfast.http.client;

import org.jspecify.annotations.NullMarked;
