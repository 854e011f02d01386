/** Figures over time, and the questions that ask for them. */
@NullMarked
package dev.holdfast.series;

import org.jspecify.annotations.NullMarked;
