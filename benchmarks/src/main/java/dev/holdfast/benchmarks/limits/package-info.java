/** What a limit costs the queue that has it. */
@NullMarked
package dev.holdfast.benchmarks.limits;

import org.jspecify.annotations.NullMarked;
