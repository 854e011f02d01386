package dev.holdfast.torture.evidence;

/**
 * The payload: the parameters of a {@link Behaviour}.
 *
 * @param runMillis the run time
 * @param times the number of failures or snoozes before it completes
 * @param delayMillis the delay of a snooze or retry
 * @param stubborn whether it ignores interruption and completes late
 */
public record Work(long runMillis, int times, long delayMillis, boolean stubborn) {

  /** Returns whether a transaction that completes the job stays open for a while. */
  public boolean leavesOpen() {
    return stubborn && times == 1;
  }
}
