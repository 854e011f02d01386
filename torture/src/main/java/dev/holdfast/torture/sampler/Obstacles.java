package dev.holdfast.torture.sampler;

import java.util.Set;

/**
 * The blows that currently keep work from running.
 *
 * @param isStoreAway whether nobody can write to the store
 * @param someHang whether a process is suspended or its network silent, with any locks it holds
 * @param rows the jobs, and the names of queues, whose rows another session has locked
 * @param isClockOff whether the wall clock of processes differs from that of this one
 * @param sinceRestart whether the database server has just restarted
 */
public record Obstacles(
    boolean isStoreAway,
    boolean someHang,
    Set<String> rows,
    boolean isClockOff,
    boolean sinceRestart) {

  /** Copies the rows. */
  public Obstacles {
    rows = Set.copyOf(rows);
  }
}
