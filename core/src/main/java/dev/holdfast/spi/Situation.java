package dev.holdfast.spi;

import dev.holdfast.Job;
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
 * @param nodes the nodes that have not ended
 * @param paused that its queue is paused, or empty
 */
public record Situation(
    Instant now, Job job, int ahead, List<QueueStatus.Node> nodes, Optional<QueuePause> paused) {
  /** Beyond this nobody counts. */
  public static final int AHEAD_MAX = 10_000;

  /** Copies the list. */
  public Situation {
    nodes = List.copyOf(nodes);
  }

  /** The node that holds the job, if it has not ended. */
  public Optional<QueueStatus.Node> holder() {
    return job.holder()
        .flatMap(
            holder -> nodes.stream().filter(node -> node.id().equals(holder.node())).findFirst());
  }
}
