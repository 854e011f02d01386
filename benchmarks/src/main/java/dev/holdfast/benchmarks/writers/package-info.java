/** Several processes that write to one file. */
@NullMarked
package dev.holdfast.benchmarks.writers;

import org.jspecify.annotations.NullMarked;
