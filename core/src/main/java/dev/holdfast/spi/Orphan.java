package dev.holdfast.spi;

import dev.holdfast.RecoveryPolicy;
import java.time.Duration;
import java.util.Optional;

/**
 * A RUNNING job whose node is dead.
 *
 * @param lease the last lease
 * @param type the job's type
 * @param history its earlier crashes and lapses
 * @param began whether its handler was running when the node died; a job that was only waiting on
 *     the node did not cause the death and does not count as crashed
 * @param alone whether it runs under a limit of 1
 * @param said its node's registered rules for such a job
 * @param death what happened to the node
 */
public record Orphan(
    Lease lease,
    String type,
    History history,
    boolean began,
    boolean alone,
    Said said,
    Death death) {

  /**
   * The number of times a job's processes died or its nodes missed their heartbeats.
   *
   * @param crashes how often a process died
   * @param lapses how often a node missed its heartbeats, and it is not known that its process died
   * @param unsettled of these the ones that may still turn out to be crashes
   */
  public record History(int crashes, int lapses, int unsettled) {}

  /**
   * A node's registered rules for its jobs of a type.
   *
   * @param recovery the policy for an interrupted one; empty if unknown
   * @param rules its limits
   * @param lease how long the node's lease was
   */
  public record Said(Optional<RecoveryPolicy> recovery, LeaseRules rules, Duration lease) {
    /** Returns the rules of an unknown node. */
    public static Said nothing() {
      return new Said(Optional.empty(), LeaseRules.DEFAULTS, Duration.ZERO);
    }
  }

  /** Returns the same job, whose handler had begun or not. */
  public Orphan began(boolean newBegan) {
    return new Orphan(lease, type, history, newBegan, alone, said, death);
  }
}
