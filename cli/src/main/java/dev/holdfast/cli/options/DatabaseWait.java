package dev.holdfast.cli.options;

import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.Threads;
import dev.holdfast.error.StoreUnavailableException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Waits for a database that cannot be reached: a worker that starts into an outage works when it is
 * over. What no waiting helps – a wrong password, database or host name – ends it at once.
 */
final class DatabaseWait {
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  /** The time between two messages about the wait. */
  private static final Duration REMINDER = Duration.ofMinutes(1);

  /** Of a name server that does not answer, as the system's resolver says it. */
  private static final String NO_NAME_SERVER = "Temporary failure in name resolution";

  private final Console console;

  DatabaseWait(Console console) {
    this.console = console;
  }

  /**
   * Opens it, as soon as it can be reached.
   *
   * @throws StoreUnavailableException if it cannot, and no waiting helps
   */
  <T> T until(Supplier<T> open) throws InterruptedException {
    Duration sinceSaid = REMINDER;
    boolean hasWaited = false;
    while (true) {
      try {
        T opened = open.get();
        if (hasWaited) {
          console.say("the database answers");
        }
        return opened;
      } catch (StoreUnavailableException outage) {
        if (isForGood(outage)) {
          throw outage;
        }
        if (sinceSaid.compareTo(REMINDER) >= 0) {
          console.say("waiting for the database: %s".formatted(outage.getMessage()));
          sinceSaid = Duration.ZERO;
        }
      }
      hasWaited = true;
      Threads.pause(INTERVAL);
      sinceSaid = sinceSaid.plus(INTERVAL);
    }
  }

  private static boolean isForGood(StoreUnavailableException outage) {
    for (Throwable cause = outage; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnknownHostException unknown) {
        return !String.valueOf(unknown.getMessage()).contains(NO_NAME_SERVER);
      }
    }
    return false;
  }
}
