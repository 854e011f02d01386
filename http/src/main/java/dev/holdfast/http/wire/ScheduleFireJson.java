package dev.holdfast.http.wire;

import dev.holdfast.JobId;
import dev.holdfast.ScheduleFire;
import java.time.Instant;
import java.util.Optional;

/** Wire form of a {@link ScheduleFire}. */
public record ScheduleFireJson(
    Instant slot, ScheduleFire.Kind kind, Optional<JobId> jobId, Instant firedAt) {

  /** Returns a fire. */
  public static ScheduleFireJson of(ScheduleFire fire) {
    return new ScheduleFireJson(fire.slot(), fire.kind(), fire.job(), fire.firedAt());
  }

  /** Returns the fire. */
  public ScheduleFire fire() {
    return new ScheduleFire(slot, kind, jobId, firedAt);
  }
}
