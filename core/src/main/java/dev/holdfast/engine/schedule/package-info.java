/**
 * Schedules over a store: {@link dev.holdfast.engine.schedule.StoredSchedules} declares them,
 * {@link dev.holdfast.engine.schedule.ScheduleTrigger} fires them, and {@code FirePlan} decides
 * what a schedule does at a fire time.
 */
@NullMarked
package dev.holdfast.engine.schedule;

import org.jspecify.annotations.NullMarked;
