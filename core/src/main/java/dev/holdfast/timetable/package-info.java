/**
 * The times at which a schedule fires: cron expressions and intervals, and the treatment of fires
 * that were missed or overlap.
 */
@NullMarked
package dev.holdfast.timetable;

import org.jspecify.annotations.NullMarked;
