/** The parts that all commands share: input, output and shutdown. */
@NullMarked
package dev.holdfast.cli.terminal;

import org.jspecify.annotations.NullMarked;
