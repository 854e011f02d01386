/**
 * OpenTelemetry tracing. It needs only the API; without an SDK, existing traces are passed on, and
 * no span is created.
 */
@NullMarked
package dev.holdfast.otel;

import org.jspecify.annotations.NullMarked;
