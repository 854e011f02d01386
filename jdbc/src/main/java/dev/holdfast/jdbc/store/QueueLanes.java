package dev.holdfast.jdbc.store;

import dev.holdfast.jdbc.dialect.EligibleLanes;
import dev.holdfast.jdbc.dialect.JobLane;
import dev.holdfast.jdbc.dialect.LaneHeads;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The lanes with work of one queue from which one claim may take.
 *
 * @param queue its name
 */
record QueueLanes(LaneHeads heads, EligibleLanes.Kind kind, String queue) {
  /** The first of them that are wanted, in claim order. */
  List<JobLane> first(int most, Predicate<JobLane> wanted) {
    return heads.first(kind, queue, most, wanted);
  }

  /** The types of the jobs that wait in them. */
  Set<String> types() {
    return heads.types(kind, queue);
  }
}
