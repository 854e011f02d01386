/**
 * Moves a queue that lives from one database to another.
 *
 * <p>One thing is done again and again: what differs between the two is copied, until nothing does.
 * Before the fence this shortens the standstill; behind it, where nothing changes any more, it is
 * the rest of the copy and the proof of the whole. A copy that was killed leaves differences, which
 * the next one finds.
 */
@NullMarked
package dev.holdfast.cli.copy;

import org.jspecify.annotations.NullMarked;
