/** What a crowd of jobs that nobody can run costs those that can. */
@NullMarked
package dev.holdfast.benchmarks.crowd;

import org.jspecify.annotations.NullMarked;
