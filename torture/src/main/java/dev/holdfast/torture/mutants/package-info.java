/** Stores that are broken on purpose, each in one way. */
@NullMarked
package dev.holdfast.torture.mutants;

import org.jspecify.annotations.NullMarked;
