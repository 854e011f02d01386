/** Searches, lists and figures of a queue that holds very many jobs. */
@NullMarked
package dev.holdfast.benchmarks.search;

import org.jspecify.annotations.NullMarked;
