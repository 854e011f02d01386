/** Stores that break the promise on purpose, each in one way. */
@NullMarked
package dev.holdfast.torture.mutants;

import org.jspecify.annotations.NullMarked;
