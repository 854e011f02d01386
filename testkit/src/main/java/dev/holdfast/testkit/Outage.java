package dev.holdfast.testkit;

import dev.holdfast.StoreUnavailableException;
import dev.holdfast.spi.JobStore;
import java.util.function.Supplier;

/** A time in which nobody reaches the store. */
final class Outage {
  private boolean isNow;

  void begin() {
    isNow = true;
  }

  void end() {
    isNow = false;
  }

  /** The store, while it can be reached. */
  JobStore over(JobStore store) {
    return new StoreDecorator(store) {
      @Override
      <T> T call(String operation, Supplier<T> call) {
        if (isNow) {
          throw new StoreUnavailableException("down");
        }
        return call.get();
      }
    };
  }
}
