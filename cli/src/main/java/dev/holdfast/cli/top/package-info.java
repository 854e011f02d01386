/**
 * The live screen. {@code Snapshot} is what is read of the queue, {@code Screen} what is shown of
 * it and how keys change that, and {@code LiveTerminal} knows the terminal.
 */
@NullMarked
package dev.holdfast.cli.top;

import org.jspecify.annotations.NullMarked;
