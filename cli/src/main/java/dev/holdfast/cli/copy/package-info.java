/**
 * Moves a queue from one database to another while it is in use.
 *
 * <p>One step repeats: the differences between the two are copied, until there are none. Before the
 * fence this shortens the downtime; after it, when nothing changes any more, it completes and
 * verifies the copy. A copy that was killed leaves differences, which the next one finds.
 */
@NullMarked
package dev.holdfast.cli.copy;

import org.jspecify.annotations.NullMarked;
