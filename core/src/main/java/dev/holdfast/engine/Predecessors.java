package dev.holdfast.engine;

import dev.holdfast.JobId;
import dev.holdfast.Predecessor;
import dev.holdfast.spi.JobStore;
import java.util.List;
import java.util.stream.Stream;

/** The predecessors of a job, read in parts: each may bring a result with it. */
final class Predecessors {
  private static final int PART = 100;

  private Predecessors() {}

  static Stream<Predecessor> of(JobId job, JobStore store, OutageRetry outage) {
    return Stream.iterate(
            outage.call(() -> store.lookup().predecessors(job, 0, PART)),
            part -> !part.isEmpty(),
            part -> outage.call(() -> next(job, store, part)))
        .flatMap(List::stream);
  }

  private static List<Predecessor> next(JobId job, JobStore store, List<Predecessor> part) {
    return part.size() < PART
        ? List.of()
        : store.lookup().predecessors(job, part.get(part.size() - 1).position() + 1, PART);
  }
}
