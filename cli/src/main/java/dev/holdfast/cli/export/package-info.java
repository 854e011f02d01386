/** {@code holdfast export} and {@code import}: a queue as JSON lines. */
@NullMarked
package dev.holdfast.cli.export;

import org.jspecify.annotations.NullMarked;
