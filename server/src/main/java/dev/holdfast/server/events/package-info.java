/**
 * Streams the events of the queue as they happen.
 *
 * <p>One follower polls for all readers, and only while there are any. It reads the changes in the
 * database, including those of other processes. An event has the state of a job at the time of the
 * poll: if a job starts and ends between two polls, only its end is sent.
 *
 * <p>Each poll overlaps the previous one a little, as changes may become visible later than their
 * timestamps. Duplicates are recognized by job, token, state and time.
 */
@NullMarked
package dev.holdfast.server.events;

import org.jspecify.annotations.NullMarked;
