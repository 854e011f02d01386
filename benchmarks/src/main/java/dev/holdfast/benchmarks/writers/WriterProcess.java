package dev.holdfast.benchmarks.writers;

import dev.holdfast.Holdfast;
import dev.holdfast.NewJob;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** A process that enqueues one job after another, and prints how long each call took. */
public final class WriterProcess {
  private static final String TYPE = "t";
  private static final int WARM_UP = 300;

  private WriterProcess() {}

  /** Takes the address of the queue and the seconds to run; begins when it is told to. */
  public static void main(String[] args) throws Exception {
    try (Holdfast holdfast = Holdfast.open(args[0])) {
      for (int i = 0; i < WARM_UP; i++) {
        holdfast.enqueue(NewJob.of(TYPE, i));
      }
      System.out.println("ready");
      int unused = System.in.read();
      List<Long> nanos = new ArrayList<>();
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.parseLong(args[1]));
      for (long began = System.nanoTime(); began < end; began = System.nanoTime()) {
        holdfast.enqueue(NewJob.of(TYPE, nanos.size()));
        nanos.add(System.nanoTime() - began);
      }
      StringBuilder line = new StringBuilder();
      for (long each : nanos) {
        line.append(String.format(Locale.ROOT, "%.3f ", each / 1e6));
      }
      System.out.println(line.toString().strip());
    }
  }
}
