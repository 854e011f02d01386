package dev.holdfast.http.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue.Changed;
import dev.holdfast.JobState;
import java.util.Optional;

/**
 * Wire form of {@link Changed}: the effect of an action on one job.
 *
 * @param heldBy the holder of the job; missing if there was none
 * @param dependents always there; older servers counted none
 */
public record ChangedJson(
    JobId id,
    Optional<JobState> before,
    boolean done,
    @JsonInclude(Include.NON_ABSENT) Optional<String> heldBy,
    Optional<Integer> dependents) {

  /** Returns an effect. */
  public static ChangedJson of(Changed changed) {
    return new ChangedJson(
        changed.id(),
        changed.before(),
        changed.done(),
        changed.heldBy(),
        Optional.of(changed.dependents()));
  }

  /** Returns the effect. */
  public Changed changed() {
    return new Changed(id, before, done, heldBy, dependents.orElse(0));
  }
}
