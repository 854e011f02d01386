/**
 * The side of the store that a dialect sees: the statements that it provides, and the values in
 * which they are asked and answered.
 */
@NullMarked
package dev.holdfast.jdbc.dialect;

import org.jspecify.annotations.NullMarked;
