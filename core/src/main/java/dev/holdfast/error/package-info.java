/**
 * The exceptions that callers see. {@link dev.holdfast.error.HoldfastException} is their base; each
 * has a machine-readable code, which is also its exit code on the command line and its problem over
 * HTTP.
 */
@NullMarked
package dev.holdfast.error;

import org.jspecify.annotations.NullMarked;
