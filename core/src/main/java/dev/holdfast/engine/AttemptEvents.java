package dev.holdfast.engine;

import dev.holdfast.spi.Acknowledgement;

/** Passes the beginnings and ends of a node's attempts on to the parts that wait for them. */
final class AttemptEvents implements Slots.Listener {
  private final LeaseTrust trust;
  private final Watch watch;
  private final Acknowledgements acknowledgements;
  private final NodeDuties duties;

  AttemptEvents(
      LeaseTrust trust, Watch watch, Acknowledgements acknowledgements, NodeDuties duties) {
    this.trust = trust;
    this.watch = watch;
    this.acknowledgements = acknowledgements;
    this.duties = duties;
  }

  @Override
  public boolean mayBegin(Attempt attempt) {
    return trust.holdsSince(attempt.claimedAfterGaps());
  }

  @Override
  public void began(Attempt attempt) {
    watch.began(attempt);
  }

  @Override
  public void ended(Acknowledgement end) {
    acknowledgements.submit(end);
  }

  @Override
  public void freed() {
    duties.wake(NodeDuties.WORKER);
  }
}
