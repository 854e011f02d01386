/** The commands about jobs: enqueue, list, show, explain, and what operators do to them. */
@NullMarked
package dev.holdfast.cli.jobs;

import org.jspecify.annotations.NullMarked;
