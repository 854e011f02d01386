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
 * @param counts jobs by state; every state is there. Of 100,000 jobs and more the number of
 *     completed ones is as last counted, some minutes ago
 * @param stuckAfter how long a job may run until it counts as stuck: what the monitor goes by
 * @param stuck RUNNING for longer than that
 * @param orphaned RUNNING under a node that does not live
 * @param oldestPending the runnable job that was enqueued first
 * @param newest the job that was enqueued last
 * @param active some RUNNING jobs, at most 20
 * @param waiting what the first {@link #WAITING_LOOKED_AT} runnable jobs wait for
 * @param nodes the nodes that have not ended
 * @param overdue some schedules that should have fired more than {@link #OVERDUE_AFTER} ago, the
 *     longest overdue first, at most 20
 * @param raised some alerts that are raised, at most 20
 * @param muted FAILED jobs that are {@linkplain Failures#mute muted}
 * @param onHold what waits for an operator
 * @param recent what has happened to nodes in the last day
 * @param database where all this is kept
 */
public record QueueStatus(
    Map<JobState, Long> counts,
    Duration stuckAfter,
    long stuck,
    long orphaned,
    Optional<Job> oldestPending,
    Optional<Job> newest,
    List<Job> active,
    List<Waiting> waiting,
    List<Node> nodes,
    List<Overdue> overdue,
    List<Raised> raised,
    long muted,
    OnHold onHold,
    Recent recent,
    Database database) {

  /** The delay from which a schedule is overdue. */
  public static final Duration OVERDUE_AFTER = Duration.ofMinutes(1);

  /** Maximum number of runnable jobs examined for {@code waiting}. */
  public static final int WAITING_LOOKED_AT = 10_000;

  /** Returns the same health with other nodes. */
  public QueueStatus nodes(List<Node> newNodes, long newOrphaned) {
    return new QueueStatus(
        counts,
        stuckAfter,
        stuck,
        newOrphaned,
        oldestPending,
        newest,
        active,
        waiting,
        newNodes,
        overdue,
        raised,
        muted,
        onHold,
        recent,
        database);
  }

  /** Returns the problems, most severe first, each with the command that fixes it. */
  public List<Finding> problems() {
    return Problems.of(this);
  }

  /**
   * Runnable jobs of one queue and type.
   *
   * @param queue the queue
   * @param type the type
   * @param jobs how many of the examined jobs
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
   * Work that goes on only when an operator lets it.
   *
   * @param unreviewed jobs of a restored queue that wait for a review
   * @param pausedQueues some queues that are paused, by name, at most 20
   */
  public record OnHold(long unreviewed, List<String> pausedQueues) {
    /** Nothing waits for an operator. */
    public static final OnHold NOTHING = new OnHold(0, List.of());

    /** Copies the names. */
    public OnHold {
      pausedQueues = List.copyOf(pausedQueues);
    }
  }

  /**
   * The recoveries and starts of nodes in the last day.
   *
   * @param recoveries how often a node was found dead
   * @param recoveredJobs how many jobs were taken over from dead nodes
   * @param lastRecovery when it happened last; empty if it has not
   * @param starts how many nodes started
   */
  public record Recent(
      long recoveries, long recoveredJobs, Optional<Instant> lastRecovery, long starts) {}

  /**
   * A node that has not ended.
   *
   * @param id its identity
   * @param name its name for people
   * @param host its host
   * @param processId its operating-system process id
   * @param version of Holdfast
   * @param phase what it is doing
   * @param command the newest command to it
   * @param queues the queues it serves; empty for all
   * @param types the types it has handlers for
   * @param capabilities what its worker can do
   * @param concurrency how many handlers it may run at once
   * @param held how many jobs it holds: those that run, and those that it claimed ahead
   * @param startedAt when it started
   * @param heartbeatAt its newest heartbeat
   * @param liveness its state, from its heartbeats and proofs of death
   * @param vitals what it reported about itself
   */
  public record Node(
      NodeId id,
      String name,
      String host,
      long processId,
      String version,
      NodePhase phase,
      NodeCommand command,
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

    /** Returns the same node with this state. */
    public Node liveness(Liveness newLiveness) {
      return new Node(
          id,
          name,
          host,
          processId,
          version,
          phase,
          command,
          queues,
          types,
          capabilities,
          concurrency,
          held,
          startedAt,
          heartbeatAt,
          newLiveness,
          vitals);
    }

    /** Returns whether its lease has not run out and its death is not proven. */
    public boolean alive() {
      return liveness != Liveness.DEAD;
    }

    /** Returns whether it takes jobs from this queue. */
    public boolean servesQueue(String queue) {
      return queues.isEmpty() || queues.contains(queue);
    }

    /** Returns whether it would run a job of this queue and type. */
    public boolean serves(String queue, String type) {
      return servesQueue(queue) && (types.contains(type) || types.contains("*"));
    }
  }

  /** The state of a node. Its heartbeats come every third of its lease. */
  public enum Liveness {
    /** Its heartbeats arrive in time. */
    ACTIVE,
    /** A heartbeat is missing: more than two thirds of its lease have passed. */
    STALE,
    /** Its lease has run out, or its death is proven. */
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
