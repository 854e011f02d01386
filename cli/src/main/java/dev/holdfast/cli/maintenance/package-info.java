/** The commands that back up, clean, check and recover a queue. */
@NullMarked
package dev.holdfast.cli.maintenance;

import org.jspecify.annotations.NullMarked;
