package dev.holdfast.spi;

import dev.holdfast.Lease;
import dev.holdfast.Transition;
import java.time.Duration;

/**
 * The end of an attempt, told by the lease's holder.
 *
 * @param lease the lease that it ends
 * @param transition what becomes of the job
 * @param ran how long the handler ran
 * @param notes what it said that has not been stored yet
 */
public record Acknowledgement(Lease lease, Transition transition, Duration ran, Notes notes) {

  /** Gives back, uncharged and without an event, what was claimed and whose handler never began. */
  public static Acknowledgement unbegun(Lease lease) {
    return new Acknowledgement(lease, new Transition.Release(""), Duration.ZERO, Notes.none(lease));
  }
}
