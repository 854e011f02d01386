/** Measures the cost of many jobs that nobody can run for the others. */
@NullMarked
package dev.holdfast.benchmarks.crowd;

import org.jspecify.annotations.NullMarked;
