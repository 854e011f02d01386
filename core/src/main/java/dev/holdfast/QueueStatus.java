package dev.holdfast;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The health of a queue at one instant.
 *
 * @param counts jobs by state; every state is there
 * @param stuck RUNNING for longer than 30 minutes
 * @param orphaned RUNNING under a node that does not live
 * @param oldestPending the runnable job that was enqueued first
 * @param newest the job that was enqueued last
 * @param active some RUNNING jobs, at most 20
 * @param waiting what the first {@link #WAITING_LOOKED_AT} runnable jobs wait for
 * @param nodes the nodes that have not ended
 * @param overdue some schedules that should have fired more than {@link #OVERDUE_AFTER} ago, the
 *     longest overdue first, at most 20
 * @param raised some alerts that are raised, at most 20
 * @param database where all this is kept
 */
public record QueueStatus(
    Map<JobState, Long> counts,
    long stuck,
    long orphaned,
    Optional<Job> oldestPending,
    Optional<Job> newest,
    List<Job> active,
    List<Waiting> waiting,
    List<Node> nodes,
    List<Overdue> overdue,
    List<Raised> raised,
    Database database) {

  /** From how late on a schedule is overdue. */
  public static final Duration OVERDUE_AFTER = Duration.ofMinutes(1);

  /** How many runnable jobs are looked at for {@code waiting}. */
  public static final int WAITING_LOOKED_AT = 10_000;

  /** What is not as it should be, the gravest first, each with the command that cures it. */
  public List<Finding> problems() {
    return Problems.of(this);
  }

  /**
   * Runnable jobs of one queue and type.
   *
   * @param queue the queue
   * @param type the type
   * @param jobs how many of those that were looked at
   */
  public record Waiting(String queue, String type, long jobs) {}

  /**
   * A schedule that should have fired.
   *
   * @param schedule its name
   * @param slot when
   */
  public record Overdue(String schedule, Instant slot) {}

  /**
   * An alert that is raised.
   *
   * @param alert its name
   * @param since since when
   * @param value what was measured last
   */
  public record Raised(String alert, Instant since, Optional<Long> value) {}

  /**
   * A node that has not ended.
   *
   * @param id its identity
   * @param name its name for people
   * @param host its host
   * @param processId its operating-system process id
   * @param version of Holdfast
   * @param phase what it is doing
   * @param order what it was told to do
   * @param queues the queues it serves; empty for all
   * @param types the types it has handlers for
   * @param capabilities what its worker can do
   * @param concurrency how many handlers it may run at once
   * @param held how many jobs it holds: those that run, and those that it claimed ahead
   * @param startedAt when it started
   * @param heartbeatAt its newest heartbeat
   * @param liveness what its heartbeats say
   * @param vitals what it told of itself
   */
  public record Node(
      NodeId id,
      String name,
      String host,
      long processId,
      String version,
      NodePhase phase,
      NodeOrder order,
      List<String> queues,
      Set<String> types,
      Map<String, Object> capabilities,
      int concurrency,
      long held,
      Instant startedAt,
      Instant heartbeatAt,
      Liveness liveness,
      Vitals vitals) {

    /** Copies the collections. */
    public Node {
      queues = List.copyOf(queues);
      types = Set.copyOf(types);
      capabilities = Map.copyOf(capabilities);
    }

    /** Whether its lease has not run out. */
    public boolean alive() {
      return liveness != Liveness.DEAD;
    }

    /** Whether it takes jobs from this queue. */
    public boolean servesQueue(String queue) {
      return queues.isEmpty() || queues.contains(queue);
    }

    /** Whether it would run a job of this queue and type. */
    public boolean serves(String queue, String type) {
      return servesQueue(queue) && types.contains(type);
    }
  }

  /** What heartbeats say of a node. They come every third of its lease. */
  public enum Liveness {
    /** Its heartbeats come in time. */
    ACTIVE,
    /** A heartbeat is missing: more than two thirds of its lease have passed. */
    STALE,
    /** Its lease has run out. */
    DEAD;

    /** The liveness of a node with this lease, that long after its newest heartbeat. */
    public static Liveness after(Duration silence, Duration lease) {
      if (silence.compareTo(lease) > 0) {
        return DEAD;
      }
      return silence.compareTo(lease.multipliedBy(2).dividedBy(3)) > 0 ? STALE : ACTIVE;
    }
  }

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
