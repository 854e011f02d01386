/** The commands that run until they are stopped: {@code work} and {@code serve}. */
@NullMarked
package dev.holdfast.cli.work;

import org.jspecify.annotations.NullMarked;
