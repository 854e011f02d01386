package dev.holdfast.engine.runtime;

import dev.holdfast.spi.HandlerThreads;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Makes every thread of Holdfast. */
final class Threads {
  private static final @Nullable Method VIRTUAL_EXECUTOR = findVirtualExecutor();

  private Threads() {}

  /** A daemon thread, not started. */
  static Thread daemon(String name, Runnable body) {
    Thread thread = new Thread(body, "holdfast-" + name);
    thread.setDaemon(true);
    return thread;
  }

  /** Threads for handlers: virtual ones on Java 21 and newer. The caller limits their number. */
  static HandlerThreads forHandlers() {
    return VIRTUAL_EXECUTOR == null
        ? new PlatformHandlers()
        : new VirtualHandlers(VIRTUAL_EXECUTOR);
  }

  private static @Nullable Method findVirtualExecutor() {
    try {
      return Executors.class.getMethod("newVirtualThreadPerTaskExecutor");
    } catch (NoSuchMethodException olderThan21) {
      return null;
    }
  }

  private static final class VirtualHandlers implements HandlerThreads {
    private final ExecutorService executor;

    private VirtualHandlers(Method constructor) {
      try {
        executor = (ExecutorService) constructor.invoke(null);
      } catch (ReflectiveOperationException cannotHappen) {
        throw new IllegalStateException("no executor of virtual threads: a bug", cannotHappen);
      }
    }

    @Override
    public void execute(Runnable attempt) {
      executor.execute(attempt);
    }

    @Override
    public void pause(Duration duration) throws InterruptedException {
      TimeUnit.NANOSECONDS.sleep(duration.toNanos());
    }

    @Override
    public void close() {
      executor.shutdown();
    }
  }

  /**
   * Platform threads, made as needed and kept for a while. An attempt that is started by the end of
   * another runs on the same thread, without a hand-over between threads.
   */
  private static final class PlatformHandlers implements HandlerThreads {
    private static final int IDLE_SECONDS = 30;
    private final AtomicInteger made = new AtomicInteger();
    private final ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            HandlerThread::new);

    @Override
    public void execute(Runnable attempt) {
      if (Thread.currentThread() instanceof HandlerThread own && own.isBusyFor(this)) {
        own.next = attempt;
      } else {
        pool.execute(() -> ((HandlerThread) Thread.currentThread()).runChain(attempt));
      }
    }

    @Override
    public void pause(Duration duration) throws InterruptedException {
      TimeUnit.NANOSECONDS.sleep(duration.toNanos());
    }

    @Override
    public void close() {
      pool.shutdown();
    }

    private final class HandlerThread extends Thread {
      private @Nullable Runnable next; // this thread only
      private boolean busy; // this thread only

      private HandlerThread(Runnable body) {
        super(body, "holdfast-handler-" + made.incrementAndGet());
        setDaemon(true);
      }

      private boolean isBusyFor(PlatformHandlers owner) {
        return busy && next == null && owner == PlatformHandlers.this;
      }

      private void runChain(Runnable first) {
        busy = true;
        try {
          for (Runnable attempt = first; attempt != null; attempt = takeNext()) {
            attempt.run();
          }
        } finally {
          busy = false;
        }
      }

      private @Nullable Runnable takeNext() {
        Runnable taken = next;
        next = null;
        return taken;
      }
    }
  }
}
