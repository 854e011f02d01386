package dev.holdfast.spi;

import dev.holdfast.JobState;
import java.util.Optional;

/**
 * The end of an attempt as its holder first reported it.
 *
 * @param kind the kind of end; empty if it was not recorded, as for imported jobs
 * @param state the current state of the job, which may be a later one
 */
public record AttemptEnd(Optional<Transition.Kind> kind, JobState state) {

  /** Returns whether an acknowledgement that comes afterwards agrees. */
  public boolean isRepeatedBy(Acknowledgement end) {
    Transition.Kind told = end.transition().kind();
    return end.mayHaveEnded() || kind.map(known -> known == told).orElse(state == told.to());
  }
}
