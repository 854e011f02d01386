/** Queues whose jobs fall into very many lanes or groups. */
@NullMarked
package dev.holdfast.benchmarks.lanes;

import org.jspecify.annotations.NullMarked;
