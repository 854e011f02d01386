/** The results of maintenance of a database: its size before and after, and its statistics. */
@NullMarked
package dev.holdfast.spi.upkeep;

import org.jspecify.annotations.NullMarked;
