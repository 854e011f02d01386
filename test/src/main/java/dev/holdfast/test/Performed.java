package dev.holdfast.test;

import dev.holdfast.Job;
import dev.holdfast.LogLine;
import java.util.List;
import java.util.Map;

/**
 * A job after one attempt.
 *
 * @param job the job: its state, its result or its failure
 * @param checkpoints the states that were saved, by name, as JSON texts
 * @param log the lines that the handler added to the job's log
 */
public record Performed(Job job, Map<String, String> checkpoints, List<LogLine> log) {
  /** Copies the collections. */
  public Performed {
    checkpoints = Map.copyOf(checkpoints);
    log = List.copyOf(log);
  }
}
