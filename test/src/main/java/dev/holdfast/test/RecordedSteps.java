package dev.holdfast.test;

import dev.holdfast.Holdfast;
import dev.holdfast.JobContext;
import dev.holdfast.JobHandler;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue;
import dev.holdfast.JobType;
import dev.holdfast.NewJob;
import dev.holdfast.Outcome;
import dev.holdfast.check.Check;
import dev.holdfast.check.Names;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The steps that a job has recorded when its handler is called; made by {@link
 * HandlerTests#startAt}.
 *
 * <pre>{@code
 * startAt("thank").step("charge", "receipt 7").signal("approval", "Ada").perform(handler, order);
 * }</pre>
 *
 * <p>Each method adds one step, behind those that were added before. The engine itself records
 * them, so a result that cannot be read, or a step of another kind, fails as in production.
 */
public final class RecordedSteps {
  private static final String AWAITED = "awaited";
  private static final Duration SHORT = Duration.ofMillis(1);

  private final String start;
  private final Map<String, Recording> recordings = new LinkedHashMap<>();
  private final Map<String, @Nullable Object> signals = new LinkedHashMap<>();
  private final List<@Nullable Object> results = new ArrayList<>(); // of all awaited jobs

  RecordedSteps(String start) {
    Names.check("step", start);
    this.start = start;
  }

  /** Records one step, or suspends the job until it can be recorded. */
  @FunctionalInterface
  private interface Recording {
    void in(JobContext job) throws Exception;
  }

  /**
   * Records that {@code step} or {@code stepIn} has returned {@code result}.
   *
   * @param result written as JSON; null for a step without a result
   * @return this
   */
  public RecordedSteps step(String name, @Nullable Object result) {
    return add(
        name,
        job -> {
          Object unused = job.<@Nullable Object>step(name, Object.class, () -> result);
        });
  }

  /**
   * Records that a step without a result has run.
   *
   * @return this
   */
  public RecordedSteps step(String name) {
    return step(name, null);
  }

  /**
   * Records that a sleep is over.
   *
   * @return this
   */
  public RecordedSteps sleep(String name) {
    return add(name, job -> job.sleep(name, Duration.ZERO));
  }

  /**
   * Records that {@code awaitSignal} has got its signal.
   *
   * @param payload written as JSON; null for a signal without a payload
   * @return this
   */
  public RecordedSteps signal(String name, @Nullable Object payload) {
    RecordedSteps added = noSignal(name);
    signals.put(name, payload);
    return added;
  }

  /**
   * Records that {@code awaitSignal} has waited in vain.
   *
   * @return this
   */
  public RecordedSteps noSignal(String name) {
    return add(
        name,
        job -> {
          var unused = job.awaitSignal(name, Object.class, SHORT);
        });
  }

  /**
   * Records that the jobs of {@code await} have ended.
   *
   * @param ends for each job its result, written as JSON, or an {@link Outcome}, such as {@code
   *     Outcome.notRetryable("lost")} for one that has failed
   * @return this
   */
  public RecordedSteps jobs(String name, Object... ends) {
    List<NewJob> jobs =
        IntStream.range(results.size(), results.size() + ends.length)
            .mapToObj(number -> NewJob.of(AWAITED, number))
            .toList();
    RecordedSteps added =
        add(
            name,
            job -> {
              var unused = job.await(name, jobs);
            });
    results.addAll(Arrays.asList(ends));
    return added;
  }

  private RecordedSteps add(String name, Recording recording) {
    Names.check("step", name);
    Check.that(!name.equals(start), "the test starts at step '%s': do not record it", name);
    Check.that(!recordings.containsKey(name), "step '%s' is recorded twice", name);
    recordings.put(name, recording);
    return this;
  }

  /**
   * Runs the handler until it ends or suspends its job, like {@link
   * HandlerTests#perform(JobHandler, Object)}.
   *
   * @throws AssertionError if the handler called another step before the one to start at, or ended
   *     without it; or if an assertion failed in the handler
   */
  public <T> Performed perform(JobHandler<? super T> handler, T payload) {
    return perform(HandlerTests.typeOf(payload), handler, payload);
  }

  /** Runs the handler like {@link #perform(JobHandler, Object)}, by the policy of its type. */
  public <T> Performed perform(JobType<T, ?> type, JobHandler<? super T> handler, T payload) {
    Start run = new Start();
    JobHandler<T> prepared =
        (read, job) -> run.isPrepared ? handler.run(read, run.begin(job)) : run.prepare(job);
    Performed performed = new SingleRun<>(type, prepared, payload, run).perform();
    run.check(performed);
    return performed;
  }

  /** One run: first its steps are recorded, then its handler is called. */
  private final class Start implements SingleRun.Prelude {
    private boolean isPrepared;
    private boolean isOver;
    private boolean isAtStep;
    private @Nullable AssertionError wrong;

    @Override
    public void setUp(Holdfast holdfast) {
      holdfast.handle(AWAITED, Integer.class, (number, job) -> results.get(number));
    }

    @Override
    public void enqueued(JobQueue queue, JobId id) {
      signals.forEach((name, payload) -> queue.signal(id, name, payload, "the test"));
    }

    @Override
    public boolean isOver() {
      return isOver;
    }

    /** Runs until all steps are recorded, and then makes room for the handler. */
    private Outcome prepare(JobContext job) {
      try {
        for (Recording recording : recordings.values()) {
          recording.in(job);
        }
      } catch (Exception refused) {
        throw new AssertionError("the steps cannot be recorded: " + refused.getMessage(), refused);
      }
      isPrepared = true;
      return Outcome.snooze(Duration.ZERO);
    }

    private JobContext begin(JobContext job) {
      isOver = true;
      return (JobContext)
          Proxy.newProxyInstance(
              JobContext.class.getClassLoader(),
              new Class<?>[] {JobContext.class},
              (proxy, method, arguments) -> call(job, method, arguments));
    }

    private @Nullable Object call(
        JobContext job, Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
      if (arguments != null) {
        switch (method.getName()) {
          case "step", "sleep", "awaitSignal", "await" -> passes((String) arguments[0]);
          case "stepIn" -> passes((String) arguments[1]);
          default -> {} // no step
        }
      }
      try {
        return method.invoke(job, arguments);
      } catch (InvocationTargetException thrown) {
        throw thrown.getCause();
      }
    }

    private void passes(@Nullable String name) {
      isAtStep |= start.equals(name);
      if (!isAtStep && !recordings.containsKey(name)) {
        wrong =
            new AssertionError(
                "the handler called step '%s' before '%s': record it too".formatted(name, start));
        throw wrong;
      }
    }

    private void check(Performed performed) {
      if (wrong != null) { // caught by the handler
        throw wrong;
      }
      if (!isAtStep) {
        throw new AssertionError(
            "the handler ended without step '%s': its job is %s%s"
                .formatted(
                    start,
                    performed.job().state(),
                    performed.job().failure().map(why -> ", " + why.message()).orElse("")));
      }
    }
  }
}
