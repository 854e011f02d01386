package dev.holdfast.spring;

import dev.holdfast.timetable.Overlap;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares a schedule for the jobs of a handler, next to {@link HandlesJob}. However many instances
 * of the application run, each fire time makes one job. Its payload is {@code null}; for a schedule
 * with a payload, declare a bean of type {@link dev.holdfast.Schedule}.
 *
 * <p>To remove the annotation does not remove the schedule: {@code holdfast schedule remove NAME}
 * does. Texts may hold placeholders.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface RecurringJob {

  /** The name of the schedule. Default: the type of the jobs. */
  String name() default "";

  /** A cron expression; either this or {@link #every} must be there. */
  String cron() default "";

  /** The time zone of the cron expression. Default: UTC. */
  String zone() default "UTC";

  /** The interval, such as {@code 10m}; the first fire time is one interval from now. */
  String every() default "";

  /** The queue of the jobs. Default: the default queue. */
  String queue() default "";

  /** The behavior while the job of the last fire time has not finished. Default: it fires. */
  Overlap overlap() default Overlap.ALLOW;
}
