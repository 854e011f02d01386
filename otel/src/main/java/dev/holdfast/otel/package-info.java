/**
 * Traces of OpenTelemetry. It needs the API alone; without an SDK, traces that the program was told
 * of are handed on, and no span is made.
 */
@NullMarked
package dev.holdfast.otel;

import org.jspecify.annotations.NullMarked;
