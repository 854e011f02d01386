/** Compares the logs of all processes with the store, after the run. */
@NullMarked
package dev.holdfast.torture.checker;

import org.jspecify.annotations.NullMarked;
