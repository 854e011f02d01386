/**
 * Jobs of type {@code exec}: running a command, keeping its output, and ending all that it started.
 */
@NullMarked
package dev.holdfast.handlers.exec;

import org.jspecify.annotations.NullMarked;
