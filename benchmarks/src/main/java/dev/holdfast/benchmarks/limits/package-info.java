/** Measures the cost of a limit for its queue. */
@NullMarked
package dev.holdfast.benchmarks.limits;

import org.jspecify.annotations.NullMarked;
