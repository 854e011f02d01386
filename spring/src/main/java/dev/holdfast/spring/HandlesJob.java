package dev.holdfast.spring;

import dev.holdfast.RecoveryPolicy;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method of a bean, or a bean that implements {@link dev.holdfast.JobHandler}, as the
 * handler of a type of jobs.
 *
 * <pre>{@code
 * @HandlesJob(value = "invoice", timeout = "30s")
 * void send(Order order, JobContext job) { … }
 * }</pre>
 *
 * <p>A method takes the payload, a {@link dev.holdfast.JobContext}, both or neither, in any order;
 * what it returns is the job's result. It may be transactional. Texts may hold placeholders such as
 * {@code ${mail.timeout}}.
 *
 * <p>If a bean of type {@link dev.holdfast.JobType} has the same name as the type, its aliases,
 * upcasters and policy are used, and none of the attributes below may be set.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface HandlesJob {

  /** The type of the jobs. */
  String value();

  /** Other names whose jobs the same handler runs. Default: none. */
  String[] aliases() default {};

  /** Maximum time of an attempt, such as {@code 30s} or {@code 1h30m}. Default: unlimited. */
  String timeout() default "";

  /** The recovery of a job whose process died. Default: it runs again. */
  RecoveryPolicy recovery() default RecoveryPolicy.RESUME;

  /** The delay after the first failed attempt; it doubles with each further one. Default: 1 s. */
  String retryDelay() default "";

  /** The longest delay between two attempts. Default: 5 min. */
  String maxRetryDelay() default "";

  /**
   * The name of a bean of type {@link dev.holdfast.HandlerPolicy}, in place of the time-out, the
   * recovery and the delays. Default: none.
   */
  String policy() default "";
}
