/** Figures over time as a store keeps them, and the assembly of answers from them. */
@NullMarked
package dev.holdfast.spi.series;

import org.jspecify.annotations.NullMarked;
