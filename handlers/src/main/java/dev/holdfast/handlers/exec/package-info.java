/**
 * Jobs of type {@code exec}: run a command, keep its output, and end everything that it started.
 */
@NullMarked
package dev.holdfast.handlers.exec;

import org.jspecify.annotations.NullMarked;
