/** The options that commands share, and the open queue that they lead to. */
@NullMarked
package dev.holdfast.cli.options;

import org.jspecify.annotations.NullMarked;
