/**
 * Meters for Micrometer. Counters and timers are those of this process and can be added up over all
 * processes; the gauges of the queue are the same in each of them.
 */
@NullMarked
package dev.holdfast.micrometer;

import org.jspecify.annotations.NullMarked;
