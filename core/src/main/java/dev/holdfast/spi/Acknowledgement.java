package dev.holdfast.spi;

import java.time.Duration;
import java.util.Optional;

/**
 * The end of an attempt, sent by the lease's holder.
 *
 * @param lease the lease that it ends
 * @param transition the change to the job
 * @param ran run time of the handler
 * @param notes its output that has not been stored yet
 * @param origin what the claim said about the job; empty if the holder does not know it any more,
 *     so that the store has to look
 * @param mayHaveEnded whether a transaction of the handler may have ended the attempt before: if it
 *     did, that stands, and this changes nothing and is not stale
 */
public record Acknowledgement(
    Lease lease,
    Transition transition,
    Duration ran,
    HandlerOutput notes,
    Optional<Origin> origin,
    boolean mayHaveEnded) {

  /** Creates an acknowledgement of a job about which nothing else is known. */
  public Acknowledgement(Lease lease, Transition transition, Duration ran, HandlerOutput notes) {
    this(lease, transition, ran, notes, Optional.empty(), false);
  }

  /** Gives back a claimed job whose handler never began, uncharged and without an event. */
  public static Acknowledgement unbegun(Lease lease) {
    return new Acknowledgement(
        lease, new Transition.Release(""), Duration.ZERO, HandlerOutput.none(lease));
  }
}
