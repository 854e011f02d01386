package dev.holdfast.http.wire;

import dev.holdfast.Failures;
import dev.holdfast.Fingerprint;

/** Wire form of {@link Failures.Changed}: the effect of an action on a group of dead letters. */
public record FailuresChangedJson(Fingerprint fingerprint, int jobs, boolean more) {

  /** Returns the effect on this group. */
  public static FailuresChangedJson of(Fingerprint fingerprint, Failures.Changed changed) {
    return new FailuresChangedJson(fingerprint, changed.jobs(), changed.isMore());
  }

  /** Returns the effect. */
  public Failures.Changed changed() {
    return new Failures.Changed(jobs, more);
  }
}
