package dev.holdfast.cli.terminal;

import dev.holdfast.error.BusyException;
import dev.holdfast.error.HoldfastException;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.error.StoreUnavailableException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The option {@code --watch}: shows the same again and again until Ctrl-C. An outage of the
 * database or its server is reported once, and the next frame comes when it is over.
 */
public final class Watch {
  private static final Duration INTERVAL_MIN = Duration.ofMillis(100);

  @Option(
      names = "--watch",
      paramLabel = "INTERVAL",
      arity = "0..1",
      fallbackValue = "2s",
      description = "Shows it again at this interval (2s) until Ctrl-C, which exits with 0.")
  private @Nullable Duration interval;

  /**
   * Checks that the frames are not JSON lines, of which nobody could tell where one frame ends.
   *
   * @throws InvalidRequestException if both were asked for
   */
  public void refuse(boolean isJson) {
    if (interval != null && isJson) {
      throw new InvalidRequestException(
          "--watch and --json cannot be combined: repeat the command instead");
    }
  }

  /**
   * Shows one frame, or one after another until a signal ends it.
   *
   * @param isJson whether a frame is one line of JSON
   * @param frame writes a frame to a console
   * @return the exit code
   */
  public int show(Console console, boolean isJson, Consumer<Console> frame) {
    Duration pause = interval;
    if (pause == null) {
      frame.accept(console);
      return ExitCodes.OK;
    }
    if (pause.compareTo(INTERVAL_MIN) < 0) {
      throw new InvalidRequestException(
          "--watch must be at least 100ms, was " + pause.toMillis() + "ms");
    }
    Frames frames =
        console.display().isTerminal() && !isJson
            ? new ScreenFrames(console, pause)
            : new PlainFrames(console, isJson);
    Ending ending = new Ending(Thread.currentThread());
    Signals signals = Signals.handle(ending);
    ending.then(signals::close);
    try (signals) {
      do {
        show(frames, frame, ending);
      } while (!ending.isWithin(pause));
    }
    return ending.exitCode();
  }

  private static void show(Frames frames, Consumer<Console> frame, Ending ending) {
    try {
      frames.show(frame);
    } catch (StoreUnavailableException | BusyException outage) {
      if (!ending.isAsked()) {
        frames.report(outage);
      }
    }
  }

  /** The forms in which frames follow each other. */
  interface Frames {
    /** Shows a frame; nothing is shown of one that fails. */
    void show(Consumer<Console> frame);

    /** Reports an outage. */
    void report(HoldfastException outage);
  }

  /** The wish of a signal; the second signal ends the process at once. */
  private static final class Ending implements Signals.Handler {
    private final Thread watcher;
    private final CountDownLatch asked = new CountDownLatch(1);
    private final AtomicInteger exitCode = new AtomicInteger(ExitCodes.OK);
    private volatile Runnable then = () -> {};

    private Ending(Thread watcher) {
      this.watcher = watcher;
    }

    private void then(Runnable action) {
      then = action;
    }

    @Override
    public void handle(String name, int number) {
      exitCode.set(name.equals("SIGINT") ? ExitCodes.OK : ExitCodes.ofSignal(number));
      asked.countDown();
      watcher.interrupt(); // a request to a server that does not answer takes long
      then.run();
    }

    private boolean isAsked() {
      return asked.getCount() == 0;
    }

    private boolean isWithin(Duration pause) {
      try {
        return asked.await(pause.toNanos(), TimeUnit.NANOSECONDS);
      } catch (InterruptedException wasAsked) {
        return true;
      }
    }

    private int exitCode() {
      boolean wasInterrupted = Thread.interrupted(); // the queue is closed in order
      return wasInterrupted || isAsked() ? exitCode.get() : ExitCodes.OK;
    }
  }
}
