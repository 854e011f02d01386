package dev.holdfast.test;

import dev.holdfast.Holdfast;
import dev.holdfast.JobQueue;
import dev.holdfast.check.Check;
import dev.holdfast.check.Names;
import dev.holdfast.error.ConflictException;
import dev.holdfast.error.StoreUnavailableException;
import dev.holdfast.spi.JobStore;
import dev.holdfast.test.time.VirtualHandlerThreads;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives each test a queue in memory, in a time that only the test moves.
 *
 * <pre>{@code
 * @RegisterExtension
 * final HoldfastExtension test = new HoldfastExtension(Shop::register);
 *
 * @Test
 * void a_reminder_comes_a_day_later(Holdfast holdfast) {
 *   shop.order("ada");
 *   test.advance(Duration.ofDays(1));
 *   assertThat(holdfast.queue()).enqueued("mail").withPayload(Map.of("to", "ada"));
 * }
 * }</pre>
 *
 * <p>The queue is the engine of production over a store in memory, which loses everything at the
 * end of the test and cannot join a database transaction. Nothing happens until the test lets it:
 * by {@link #advance}, by {@link #runUntilIdle}, or by waiting for a job with {@code await}.
 *
 * <p>A test can have a parameter of type {@link Holdfast}, {@link JobQueue} or {@link
 * HoldfastExtension}. With tests that run at once, register this in a field that is not static.
 */
public final class HoldfastExtension
    implements BeforeEachCallback, AfterEachCallback, ParameterResolver {
  private final @Nullable Consumer<Holdfast> setup;
  private final boolean isInline;
  private @Nullable VirtualQueue current;
  private @Nullable Instant unreachableUntil;
  private Faults faults = new Faults(this::die);

  /** Gives each test a queue without handlers; the test adds its own and starts the node. */
  public HoldfastExtension() {
    this(null, false);
  }

  /**
   * Gives each test a queue with the handlers that {@code setup} adds, and a started node.
   *
   * @param setup what the program does with its queue when it starts: adds handlers, declares
   *     schedules. It is called again after a {@link #crash}. It may start the node itself, with a
   *     configuration of its own
   */
  public HoldfastExtension(Consumer<Holdfast> setup) {
    this(setup, false);
  }

  private HoldfastExtension(@Nullable Consumer<Holdfast> setup, boolean isInline) {
    this.setup = setup;
    this.isInline = isInline;
  }

  /**
   * Returns an extension with the same setup whose jobs run within the call that enqueues them, as
   * far as they are due. A job that fails does not fail that call.
   */
  public HoldfastExtension inline() {
    return new HoldfastExtension(setup, true);
  }

  /** Returns the queue of the current test. */
  public Holdfast holdfast() {
    return running().holdfast();
  }

  /** Returns the current virtual time. Every test begins at 2026-01-01T00:00:00Z. */
  public Instant now() {
    return running().now();
  }

  /**
   * Lets this much time pass, with all that happens in it: jobs run, are retried, come due, and
   * schedules fire.
   */
  public void advance(Duration duration) {
    running().advance(duration);
  }

  /**
   * Runs all jobs that are due, and those that they make due, until none of them runs. Jobs for
   * later and retries stay where they are: {@link #advance} reaches them.
   */
  public void runUntilIdle() {
    running().runUntilIdle();
  }

  /**
   * Lets a handler take time: virtual time passes until it continues.
   *
   * @throws InterruptedException if the handler is interrupted: its job was cancelled or timed out,
   *     or its node stops
   * @throws IllegalStateException if the caller is not a handler
   */
  public static void sleep(Duration duration) throws InterruptedException {
    VirtualHandlerThreads.sleep(duration);
  }

  /**
   * Kills the process, as {@code kill -9} does, and starts it again: handlers stop where they are,
   * {@link #holdfast} is another one, set up as the first. The next {@link #advance} recovers the
   * jobs. A handler that calls this does not return.
   */
  public void crash() {
    running().crash();
    running().start();
  }

  /**
   * Makes the store unreachable for this long: calls fail with {@link StoreUnavailableException},
   * and the jobs that run go on.
   */
  public void cutOff(Duration duration) {
    unreachableUntil = running().now().plus(duration);
  }

  /**
   * Chooses one run of a job type, to make it fail.
   *
   * <pre>{@code
   * test.onRun("charge", 2).failBefore(new ConnectException("refused"));
   * }</pre>
   *
   * @param type the name of the type, as jobs are enqueued by it
   * @param number the number of the run among those of all jobs of this type: 1 for the next
   */
  public FaultyRuns onRun(String type, int number) {
    Check.range("the number of the run", number, 1, Integer.MAX_VALUE);
    return faultyRuns(type, number, number);
  }

  /**
   * Chooses the next runs of a job type, to make them fail.
   *
   * @param type the name of the type, as jobs are enqueued by it
   * @param count how many, among those of all jobs of this type
   */
  public FaultyRuns onNextRuns(String type, int count) {
    Check.range("the number of runs", count, 1, Integer.MAX_VALUE);
    return faultyRuns(type, 1, count);
  }

  private FaultyRuns faultyRuns(String type, int first, int last) {
    Names.check("type", type);
    VirtualQueue unused = running();
    return new FaultyRuns(type, first, last, faults::add);
  }

  private void die() {
    running().crash();
  }

  private JobStore linked(JobStore store) {
    return StoreLink.link(
        store,
        new StoreLink.Faults() {
          @Override
          public void before(String operation, Object[] arguments) {
            if (unreachableUntil != null && running().now().isBefore(unreachableUntil)) {
              throw new StoreUnavailableException(
                  "the test has cut off the store; %s did nothing".formatted(operation));
            }
          }
        });
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    if (current != null) {
      throw new ConflictException(
          "two tests at once share this extension: register it in a field that is not static");
    }
    unreachableUntil = null;
    faults = new Faults(this::die);
    current = new VirtualQueue(this::begin, isInline, this::linked);
  }

  private void begin(Holdfast holdfast) {
    holdfast.intercept(faults::around);
    if (setup != null) {
      setup.accept(holdfast);
      VirtualQueue.startNode(holdfast);
    }
  }

  @Override
  public void afterEach(ExtensionContext context) {
    VirtualQueue ending = running();
    unreachableUntil = null;
    try {
      ending.close();
    } finally {
      current = null;
    }
  }

  private VirtualQueue running() {
    if (current == null) {
      throw new ConflictException("there is a queue only while a test runs");
    }
    return current;
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == Holdfast.class || type == JobQueue.class || type == HoldfastExtension.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    if (type == HoldfastExtension.class) {
      return this;
    }
    return type == Holdfast.class ? holdfast() : holdfast().queue();
  }
}
