/** {@code holdfast config}: the settings that are in force, and where they come from. */
@NullMarked
package dev.holdfast.cli.config;

import org.jspecify.annotations.NullMarked;
