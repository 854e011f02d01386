/** The logs that the processes of a run write, line by line, each to its own file. */
@NullMarked
package dev.holdfast.torture.evidence;

import org.jspecify.annotations.NullMarked;
