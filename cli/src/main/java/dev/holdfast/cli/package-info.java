/** The command line: one short class a command, and the small pieces that they share. */
@NullMarked
package dev.holdfast.cli;

import org.jspecify.annotations.NullMarked;
