package dev.holdfast.testkit;

import dev.holdfast.test.time.VirtualTime;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** A record of a run, as one number to compare, and its last lines to read. */
final class Trace {
  private static final int LINES_MAX = 4_000;
  private static final long FACTOR = 1_000_003;

  private record Line(long nanos, String what) {}

  private final VirtualTime time;
  private final Deque<Line> lines = new ArrayDeque<>();
  private long hash = 1;

  Trace(VirtualTime time) {
    this.time = time;
  }

  void add(String what) {
    hash = (hash * FACTOR + time.elapsedNanos()) * FACTOR + what.hashCode();
    lines.add(new Line(time.elapsedNanos(), what));
    if (lines.size() > LINES_MAX) {
      lines.remove();
    }
  }

  long hash() {
    return hash;
  }

  /** Returns the lines that contain {@code word}. */
  List<String> linesWith(String word) {
    return lines.stream()
        .filter(line -> line.what.contains(word))
        .map(line -> "%10.3f s  %s".formatted(line.nanos / 1e9, line.what))
        .toList();
  }
}
