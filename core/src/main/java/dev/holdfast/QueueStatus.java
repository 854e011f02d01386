package dev.holdfast;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The health of a queue at one instant.
 *
 * @param counts jobs by state; every state is there
 * @param stuck RUNNING for longer than 30 minutes
 * @param orphaned RUNNING under a node that does not live
 * @param oldestPending the runnable job that was enqueued first
 * @param newest the job that was enqueued last
 * @param active some RUNNING jobs, at most 20
 * @param nodes the nodes that have not ended
 * @param database where all this is kept
 */
public record QueueStatus(
    Map<JobState, Long> counts,
    long stuck,
    long orphaned,
    Optional<Job> oldestPending,
    Optional<Job> newest,
    List<Job> active,
    List<Node> nodes,
    Database database) {

  /**
   * A node that has not ended.
   *
   * @param id its identity
   * @param name its name for people
   * @param host its host
   * @param processId its operating-system process id
   * @param phase what it is doing: starting, running, draining
   * @param startedAt when it started
   * @param heartbeatAt its newest heartbeat
   * @param alive whether its lease has not run out
   */
  public record Node(
      NodeId id,
      String name,
      String host,
      long processId,
      String phase,
      Instant startedAt,
      Instant heartbeatAt,
      boolean alive) {}

  /**
   * The database behind the queue.
   *
   * @param kind such as {@code sqlite}
   * @param name the file or address, without secrets
   * @param bytes its size
   * @param settings what matters for durability, such as {@code synchronous} to {@code FULL}
   */
  public record Database(String kind, String name, long bytes, Map<String, String> settings) {}
}
