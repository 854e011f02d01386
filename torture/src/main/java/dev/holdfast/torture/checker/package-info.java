/** Compares what the parties wrote down with what the store says, when all is over. */
@NullMarked
package dev.holdfast.torture.checker;

import org.jspecify.annotations.NullMarked;
