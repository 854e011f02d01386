package dev.holdfast.step;

import java.time.Instant;
import java.util.Optional;

/**
 * A step of a job that has begun to wait, or has finished. A step of {@linkplain StepKind#WORK
 * work} is recorded when it has finished.
 *
 * @param position its place among the steps of its job, from 1, in the order in which they were
 *     recorded
 * @param name its name, which is unique in its job
 * @param kind its kind
 * @param attempt the attempt that recorded it, or finished it
 * @param startedAt when it started
 * @param finishedAt when it finished; empty while it waits
 * @param until the time of a {@linkplain StepKind#SLEEP sleep}, or the deadline of a {@linkplain
 *     StepKind#SIGNAL signal}
 * @param result JSON: what the work returned, the payload of the signal, or the ids of the
 *     {@linkplain StepKind#JOBS jobs}
 */
public record Step(
    int position,
    String name,
    StepKind kind,
    int attempt,
    Instant startedAt,
    Optional<Instant> finishedAt,
    Optional<Instant> until,
    Optional<String> result) {

  /** Returns whether it has finished, so that it does not run again. */
  public boolean isFinished() {
    return finishedAt.isPresent();
  }
}
