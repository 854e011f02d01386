package dev.holdfast.jdbc.store;

import dev.holdfast.JobId;
import dev.holdfast.NodeId;
import dev.holdfast.jdbc.dialect.JobLane;
import dev.holdfast.jdbc.dialect.LaneHeads;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import java.util.Optional;

/**
 * Lets one claim take at most one job on its last chance, and none while its node runs another: if
 * the process dies again, it is clear which job has killed it, and no neighbour is failed with it.
 * Such jobs are in lanes of their own, so those behind them are claimed meanwhile.
 */
final class LastChances {
  private static final Sql RUNNING =
      Sql.of(
          """
          select j.id from jobs j join lanes l on l.id = j.lane
           where j.state = 'RUNNING' and j.node = :node and l.last_chance = 1
           limit 1
          """);

  private boolean isOpen;

  private LastChances(boolean isOpen) {
    this.isOpen = isOpen;
  }

  /** Asks the store only if such jobs wait. */
  static LastChances of(Session session, LaneHeads heads, NodeId node) {
    return new LastChances(heads.hasLastChances() && running(session, node).isEmpty());
  }

  /** Returns the job on its last chance that a node runs. */
  static Optional<JobId> running(Session session, NodeId node) {
    return session.sql(RUNNING).set("node", node).first(row -> new JobId(row.id(1)));
  }

  /** Returns whether a job of this lane may be claimed now. */
  boolean mayTake(JobLane lane) {
    return isOpen || !lane.isLastChance();
  }

  /** A job of this lane was claimed, or others hold it. */
  void tried(JobLane lane) {
    isOpen &= !lane.isLastChance();
  }
}
