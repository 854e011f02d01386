package dev.holdfast.test;

import dev.holdfast.JobHandler;
import dev.holdfast.JobType;
import java.util.Collection;

/** Runs one handler alone, in a queue of its own. */
public final class HandlerTests {
  private static final String TYPE = "perform";

  private HandlerTests() {}

  /**
   * Runs one attempt of a job with this payload, which is written as JSON and read again, as in
   * production. A failed assertion within the handler fails the caller; any other exception fails
   * the attempt, and the job tells.
   */
  public static <T> Performed perform(JobHandler<? super T> handler, T payload) {
    return perform(typeOf(payload), handler, payload);
  }

  /** Runs one attempt like {@link #perform(JobHandler, Object)}, by the policy of its type. */
  public static <T> Performed perform(
      JobType<T, ?> type, JobHandler<? super T> handler, T payload) {
    return new SingleRun<>(type, handler, payload, SingleRun.Prelude.NONE).perform();
  }

  /**
   * Prepares a run of a handler that goes on at a step, with all steps before it recorded. The
   * handler must reach {@code step} before any other that was not recorded: if it does not, the
   * test fails.
   *
   * @param step the name of the step
   */
  public static RecordedSteps startAt(String step) {
    return new RecordedSteps(step);
  }

  /**
   * Kills a handler's process at each of its checkpoints and steps and at its end, one run after
   * the other, lets it start again, and compares the effects with those of a run without a crash:
   * which of them happened more often, or not at all.
   *
   * <p>In each run the process dies at another place: just before a checkpoint or a step is saved,
   * just after it, before and while a step waits, and when the handler has returned, before that is
   * stored. No code of the handler runs after it, as after {@code kill -9}. Sleeps pass in virtual
   * time, waits for a signal end at their deadline; jobs that the handler enqueues do not run.
   *
   * @param handler the handler; it must do the same in each run
   * @param payload the payload of all its jobs
   * @param effects where the handler's work outside the queue can be seen, such as the list of a
   *     fake mail server. It is cleared before each run
   */
  public static <T> CrashReport crashAtEveryStep(
      JobHandler<? super T> handler, T payload, Collection<?> effects) {
    return new CrashRuns<>(typeOf(payload), handler, payload, effects).report();
  }

  @SuppressWarnings("unchecked") // an object's class is one of its type
  static <T> JobType<T, ?> typeOf(T payload) {
    return JobType.of(TYPE, (Class<T>) payload.getClass());
  }
}
