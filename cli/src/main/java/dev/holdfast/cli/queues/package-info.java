/** The commands about queues and limits. */
@NullMarked
package dev.holdfast.cli.queues;

import org.jspecify.annotations.NullMarked;
