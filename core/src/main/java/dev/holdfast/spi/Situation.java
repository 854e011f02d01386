package dev.holdfast.spi;

import dev.holdfast.Job;
import dev.holdfast.JobId;
import dev.holdfast.NodeId;
import dev.holdfast.Predecessor;
import dev.holdfast.QueuePause;
import dev.holdfast.QueueStatus;
import dev.holdfast.spi.record.JobRecord;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Everything needed to explain a job, all read at one instant.
 *
 * @param now the store's clock
 * @param job the job
 * @param ahead how many runnable jobs of its queue come before it; at most {@link #AHEAD_MAX}
 * @param waiting what it waits for
 * @param nodes the nodes that have not ended
 * @param paused the pause of its queue, or empty
 * @param limits the limits that currently block it
 * @param rateUntil when the rate of its queue allows the next start, if not now
 * @param sharing how many other running jobs share its permit; they run one after another
 * @param rules how often its processes may die or its nodes miss their heartbeats: the strictest
 *     rules of the nodes that handle its type
 * @param lastChances the nodes that run a job on its last chance, if this one waits for its own
 */
public record Situation(
    Instant now,
    Job job,
    int ahead,
    Waiting waiting,
    List<QueueStatus.Node> nodes,
    Optional<QueuePause> paused,
    List<Reached> limits,
    Optional<Instant> rateUntil,
    int sharing,
    LeaseRules rules,
    List<LastChance> lastChances) {
  /**
   * A limit that is reached.
   *
   * @param what such as {@code queue 'mail'}
   * @param most how many may run at once
   * @param holders some that run
   */
  public record Reached(String what, int most, List<JobId> holders) {
    private Reached naming(Set<JobId> visible) {
      return new Reached(what, most, holders.stream().filter(visible::contains).toList());
    }
  }

  /**
   * A node that runs a job on its last chance, and so no other one.
   *
   * @param job the job; empty if its id must not be shown
   */
  public record LastChance(NodeId node, Optional<JobId> job) {
    private LastChance naming(Set<JobId> visible) {
      return new LastChance(node, job.filter(visible::contains));
    }
  }

  /** Maximum count of jobs ahead. */
  public static final int AHEAD_MAX = 10_000;

  /** Copies the list. */
  public Situation {
    nodes = List.copyOf(nodes);
    limits = List.copyOf(limits);
    lastChances = List.copyOf(lastChances);
  }

  /** The other jobs that it names. */
  public Set<JobId> named() {
    Set<JobId> named = new HashSet<>();
    waiting.first().forEach(predecessor -> named.add(predecessor.id()));
    limits.forEach(limit -> named.addAll(limit.holders()));
    lastChances.forEach(chance -> chance.job().ifPresent(named::add));
    return named;
  }

  /** Returns the same situation, naming only these of the other jobs. */
  public Situation naming(Set<JobId> visible) {
    List<Predecessor> first =
        waiting.first().stream().filter(one -> visible.contains(one.id())).toList();
    return new Situation(
        now,
        job,
        ahead,
        new Waiting(waiting.open(), first, waiting.signal(), waiting.isUncertain()),
        nodes,
        paused,
        limits.stream().map(limit -> limit.naming(visible)).toList(),
        rateUntil,
        sharing,
        rules,
        lastChances.stream().map(chance -> chance.naming(visible)).toList());
  }

  /** Creates the situation of a job that shares no permit, of a type with default rules. */
  public Situation(
      Instant now,
      Job job,
      int ahead,
      Waiting waiting,
      List<QueueStatus.Node> nodes,
      Optional<QueuePause> paused,
      List<Reached> limits,
      Optional<Instant> rateUntil) {
    this(
        now,
        job,
        ahead,
        waiting,
        nodes,
        paused,
        limits,
        rateUntil,
        0,
        LeaseRules.DEFAULTS,
        List.of());
  }

  /** Returns the same situation with other nodes. */
  public Situation nodes(List<QueueStatus.Node> newNodes) {
    return new Situation(
        now, job, ahead, waiting, newNodes, paused, limits, rateUntil, sharing, rules, lastChances);
  }

  /** Returns the node that holds the job, if it has not ended. */
  public Optional<QueueStatus.Node> holder() {
    return job.holder()
        .flatMap(
            holder -> nodes.stream().filter(node -> node.id().equals(holder.node())).findFirst());
  }

  /**
   * The predecessors and signal that a BLOCKED job waits for.
   *
   * @param open how many jobs, signals and reviews
   * @param first the first of the jobs, at most {@link #TOLD_MAX}
   * @param signal the signal, if it waits for one
   * @param isUncertain whether it waits for a review of a restored queue
   */
  public record Waiting(
      int open, List<Predecessor> first, Optional<JobRecord.Signal> signal, boolean isUncertain) {
    /** Maximum number of predecessors listed by name. */
    public static final int TOLD_MAX = 3;

    /** Copies the list. */
    public Waiting {
      first = List.copyOf(first);
    }

    /** Creates the value for a job that waits for no review. */
    public Waiting(int open, List<Predecessor> first, Optional<JobRecord.Signal> signal) {
      this(open, first, signal, false);
    }

    /** Returns how many of them are jobs. */
    public int openJobs() {
      return open - (signal.isPresent() ? 1 : 0) - (isUncertain ? 1 : 0);
    }

    /** Creates the value for a job that waits for nothing. */
    public static Waiting none() {
      return new Waiting(0, List.of(), Optional.empty());
    }
  }
}
