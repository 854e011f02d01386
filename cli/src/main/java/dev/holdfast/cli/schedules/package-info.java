/** {@code holdfast schedule}: recurring jobs. */
@NullMarked
package dev.holdfast.cli.schedules;

import org.jspecify.annotations.NullMarked;
