/**
 * What happens in the queue, told as it happens.
 *
 * <p>One follower looks for all readers, and only while there are any. It looks at what changed in
 * the database, whoever changed it, so it tells of the work of other processes too. What it tells
 * is the state of a job at the time of the look: of a job that began and ended between two looks it
 * tells the end alone.
 *
 * <p>A look goes back a little behind the one before, as a transaction may show its changes later
 * than it stamped them. What was told already is known by job, token, state and time.
 */
@NullMarked
package dev.holdfast.server.events;

import org.jspecify.annotations.NullMarked;
