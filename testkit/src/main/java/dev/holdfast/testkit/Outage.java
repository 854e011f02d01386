package dev.holdfast.testkit;

import dev.holdfast.error.StoreUnavailableException;
import dev.holdfast.spi.JobStore;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A time in which the store is unreachable. */
final class Outage {
  private boolean isNow;
  private boolean losesNext;
  private @Nullable Runnable late;

  void begin() {
    isNow = true;
  }

  void end() {
    isNow = false;
  }

  /** Loses the result of the next exchange before it is committed. */
  void loseNextExchange() {
    losesNext = true;
  }

  /** Commits the exchange whose result was lost. */
  void commitLate() {
    Objects.requireNonNull(late, "no exchange was lost").run();
    late = null;
  }

  /** Wraps the store, which is reachable outside the outage. */
  JobStore over(JobStore store) {
    return new StoreDecorator(store) {
      @Override
      public boolean hasUnsettled() {
        return late != null;
      }

      @Override
      <T> T call(String operation, Supplier<T> call) {
        if (isNow) {
          throw new StoreUnavailableException("down");
        }
        if (losesNext && operation.equals("exchange")) {
          losesNext = false;
          late =
              () -> {
                T unused = call.get();
              };
          throw new StoreUnavailableException("the commit takes too long");
        }
        return call.get();
      }
    };
  }
}
