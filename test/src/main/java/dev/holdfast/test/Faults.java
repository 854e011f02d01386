package dev.holdfast.test;

import dev.holdfast.HandlerInterceptor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The faults that one test injects into runs of handlers. Used by handlers in their turn. */
final class Faults {
  private final Runnable crash;
  private final List<Fault> faults = new ArrayList<>();

  /**
   * @param crash kills the process; does not return in a handler
   */
  Faults(Runnable crash) {
    this.crash = crash;
  }

  /** A fault in some runs of a type, with the number of runs since it was added. */
  static final class Fault {
    private final String type;
    private final int first;
    private final int last;
    private final boolean isBefore;
    private final @Nullable Exception failure;
    private int runs;

    /**
     * @param first the first run that has it, counted from 1
     * @param last the last run that has it
     * @param isBefore whether it comes before the handler, or after it
     * @param failure what the run throws; null to kill the process
     */
    Fault(String type, int first, int last, boolean isBefore, @Nullable Exception failure) {
      this.type = type;
      this.first = first;
      this.last = last;
      this.isBefore = isBefore;
      this.failure = failure;
    }

    private boolean hitsNextRun() {
      runs++;
      return first <= runs && runs <= last;
    }
  }

  void add(Fault fault) {
    faults.add(fault);
  }

  /** Runs a handler with the faults of this run. */
  @Nullable Object around(HandlerInterceptor.Call call) throws Exception {
    List<Fault> hits = new ArrayList<>();
    for (Fault fault : faults) {
      if (fault.type.equals(call.job().type()) && fault.hitsNextRun()) {
        hits.add(fault);
      }
    }
    cause(hits, true);
    Object result;
    try {
      result = call.proceed();
    } finally {
      if (hits.stream().anyMatch(fault -> !fault.isBefore && fault.failure == null)) {
        crash.run();
      }
    }
    cause(hits, false);
    return result;
  }

  private void cause(List<Fault> hits, boolean isBefore) throws Exception {
    for (Fault fault : hits) {
      if (fault.isBefore == isBefore) {
        if (fault.failure == null) {
          crash.run();
        } else {
          throw fault.failure;
        }
      }
    }
  }
}
