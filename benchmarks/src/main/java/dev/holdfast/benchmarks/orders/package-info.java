/** Checks that claim orders hold when several processes claim at once. */
@NullMarked
package dev.holdfast.benchmarks.orders;

import org.jspecify.annotations.NullMarked;
