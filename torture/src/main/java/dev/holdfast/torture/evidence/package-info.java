/**
 * What the parties of a run write down as it happens, line by line, each into a file of its own.
 */
@NullMarked
package dev.holdfast.torture.evidence;

import org.jspecify.annotations.NullMarked;
