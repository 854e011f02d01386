/**
 * Virtual time. It runs from event to event. A handler is a real thread that runs only in its turn,
 * so user code may sleep and be interrupted freely, yet only one thing happens at a time and the
 * same start has the same outcome.
 */
@NullMarked
package dev.holdfast.test.time;

import org.jspecify.annotations.NullMarked;
