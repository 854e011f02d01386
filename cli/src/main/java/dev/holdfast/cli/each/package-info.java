/** {@code holdfast each}, the durable xargs: each line of input is a job that runs a command. */
@NullMarked
package dev.holdfast.cli.each;

import org.jspecify.annotations.NullMarked;
