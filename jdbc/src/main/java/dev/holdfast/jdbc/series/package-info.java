/** Figures: depths, ends and changes now, and their series over time. */
@NullMarked
package dev.holdfast.jdbc.series;

import org.jspecify.annotations.NullMarked;
