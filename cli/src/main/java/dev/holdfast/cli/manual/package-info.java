/** Completions and the manual page, derived from the commands. */
@NullMarked
package dev.holdfast.cli.manual;

import org.jspecify.annotations.NullMarked;
