/** Checks ten times a second whether eligible work is running. */
@NullMarked
package dev.holdfast.torture.sampler;

import org.jspecify.annotations.NullMarked;
