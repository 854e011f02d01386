package dev.holdfast.benchmarks.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/** Threads that repeat the same call, each waiting for its result. */
public final class Callers {
  private final int threads;

  /** Creates this number of callers. */
  public Callers(int threads) {
    this.threads = threads;
  }

  /** The call; a failure ends the measurement. */
  public interface Call {
    void run() throws Exception;
  }

  /**
   * The result.
   *
   * @param calls the number of finished calls
   * @param perSecond the number of calls a second
   */
  public record Answered(long calls, double perSecond) {}

  /** Makes exactly this number of calls. */
  public Answered times(long calls, Call call) throws Exception {
    AtomicLong left = new AtomicLong(calls);
    return run(call, () -> left.getAndDecrement() > 0);
  }

  /** Calls until the time is over; calls in progress are finished and counted. */
  public Answered during(Duration time, Call call) throws Exception {
    long start = System.nanoTime();
    return run(call, () -> System.nanoTime() - start < time.toNanos());
  }

  /** Calls until it is over; calls that are under way are finished and counted. */
  public Answered until(BooleanSupplier isOver, Call call) throws Exception {
    return run(call, () -> !isOver.getAsBoolean());
  }

  private interface More {
    boolean mayBegin();
  }

  private Answered run(Call call, More more) throws Exception {
    List<FutureTask<Long>> callers = new ArrayList<>();
    long start = System.nanoTime();
    for (int i = 0; i < threads; i++) {
      FutureTask<Long> caller =
          new FutureTask<>(
              () -> {
                long calls = 0;
                for (; more.mayBegin(); calls++) {
                  call.run();
                }
                return calls;
              });
      callers.add(caller);
      new Thread(caller, "caller-" + i).start();
    }
    long calls = 0;
    for (FutureTask<Long> caller : callers) {
      calls += result(caller);
    }
    return new Answered(calls, calls * 1e9 / (System.nanoTime() - start));
  }

  private static long result(FutureTask<Long> caller) throws InterruptedException {
    try {
      return caller.get();
    } catch (ExecutionException failure) {
      throw new IllegalStateException("a call failed", failure.getCause());
    }
  }
}
