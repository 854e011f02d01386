/** {@code holdfast failures}: dead letters by cause. */
@NullMarked
package dev.holdfast.cli.failures;

import org.jspecify.annotations.NullMarked;
