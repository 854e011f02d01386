/** The log of a command: where it goes, in which form, and without secrets. */
@NullMarked
package dev.holdfast.cli.log;

import org.jspecify.annotations.NullMarked;
