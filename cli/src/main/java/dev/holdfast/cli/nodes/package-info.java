/** The commands about nodes: list them, and tell them to drain, stop or go on. */
@NullMarked
package dev.holdfast.cli.nodes;

import org.jspecify.annotations.NullMarked;
