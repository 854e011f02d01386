package dev.holdfast.spi;

import dev.holdfast.Job;
import dev.holdfast.JobId;
import dev.holdfast.Predecessor;
import dev.holdfast.QueuePause;
import dev.holdfast.QueueStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What must be known of a job and its surroundings to explain it, all seen at one instant.
 *
 * @param now the store's clock
 * @param job the job
 * @param ahead how many runnable jobs of its queue come before it; at most {@link #AHEAD_MAX}
 * @param waiting what it waits for
 * @param nodes the nodes that have not ended
 * @param paused that its queue is paused, or empty
 * @param limits what limits how many jobs like it run, and is reached
 * @param rateUntil when the rate of its queue allows the next start, if not now
 */
public record Situation(
    Instant now,
    Job job,
    int ahead,
    Waiting waiting,
    List<QueueStatus.Node> nodes,
    Optional<QueuePause> paused,
    List<Reached> limits,
    Optional<Instant> rateUntil) {
  /**
   * A limit that is reached.
   *
   * @param what such as {@code queue 'mail'}
   * @param most how many may run at once
   * @param holders some that run
   */
  public record Reached(String what, int most, List<JobId> holders) {}

  /** Beyond this nobody counts. */
  public static final int AHEAD_MAX = 10_000;

  /** Copies the list. */
  public Situation {
    nodes = List.copyOf(nodes);
    limits = List.copyOf(limits);
  }

  /** The node that holds the job, if it has not ended. */
  public Optional<QueueStatus.Node> holder() {
    return job.holder()
        .flatMap(
            holder -> nodes.stream().filter(node -> node.id().equals(holder.node())).findFirst());
  }

  /**
   * What a BLOCKED job waits for.
   *
   * @param open how many jobs
   * @param first the first of them, at most {@link #TOLD_MAX}
   */
  public record Waiting(int open, List<Predecessor> first) {
    /** So many are told by name. */
    public static final int TOLD_MAX = 3;

    /** Copies the list. */
    public Waiting {
      first = List.copyOf(first);
    }

    /** For nothing. */
    public static Waiting none() {
      return new Waiting(0, List.of());
    }
  }
}
