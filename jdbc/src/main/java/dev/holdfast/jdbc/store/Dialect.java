package dev.holdfast.jdbc.store;

import dev.holdfast.JobId;
import dev.holdfast.Lease;
import dev.holdfast.NodeId;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.JobDraft;
import dev.holdfast.spi.JobRecord;
import java.util.Collection;
import java.util.List;
import java.util.function.ToLongFunction;

/** The operations on the hot path, for which each database has statements of its own. */
public interface Dialect {

  /**
   * Writes new jobs; one whose id is there already is left as it is.
   *
   * @param ranks the rank of each
   */
  void insert(
      Session session,
      List<JobDraft> jobs,
      JobLanes lanes,
      ToLongFunction<JobDraft> ranks,
      long now);

  /** The lanes in which a claim may find something. */
  List<LaneHead> lanesWithWork(Session session);

  /**
   * Leases the first {@code limit} pending jobs of some lanes, in claim order.
   *
   * @param lanes at least one, all of the same queue
   */
  List<Claimed> claim(Session session, NodeId node, List<JobLane> lanes, int limit, long now);

  /**
   * Moves pending jobs out of a lane from which nobody claims into their own.
   *
   * @param jobs the first ones of that lane; none if it is empty
   */
  void sortIn(Session session, long from, List<SortedJob> jobs);

  /**
   * The first pending jobs of some lanes, in claim order.
   *
   * @param most of each lane at most so many
   */
  List<Candidate> candidates(Session session, List<JobLane> lanes, int most);

  /** Leases those of these jobs of a queue that still stand in their lane, in claim order. */
  List<Claimed> claimChosen(
      Session session, NodeId node, String queue, List<Candidate> chosen, long now);

  /**
   * Keeps the rows of limits until the transaction ends: of queues first, then of types, each in
   * the order of their names.
   */
  void holdLimits(Session session, Collection<String> queues, Collection<String> types);

  /** Writes down that these jobs run under limits, each in its line. */
  void putHolds(Session session, List<Claimed> jobs);

  /**
   * Completes jobs whose lease holds, and for which no other job waits.
   *
   * @param ends acknowledgements of completion only
   * @return those that changed no row
   */
  List<Acknowledgement> complete(Session session, List<Acknowledgement> ends, long now);

  /** The leases of a node on these jobs, sought by the jobs' ids. */
  List<Lease> held(Session session, NodeId node, Collection<JobId> jobs);

  /**
   * Keeps these jobs as they are until the transaction ends: what is read of them afterwards stays
   * true. Nothing is to be done where a single writer excludes all others.
   */
  void hold(Session session, Collection<JobId> jobs);

  /** The same for a node's row. */
  void hold(Session session, NodeId node);

  /** The time that has surely come, where {@code now} may be ahead of the database's clock. */
  long reached(Session session, long now);

  /**
   * Moves at most {@code limit} jobs that are due from SCHEDULED to PENDING, and gives them the
   * ranks of the first order.
   */
  List<Entered> promote(Session session, int limit, long now);

  /**
   * The first {@code :limit} PENDING jobs of {@code :lane} with a rank from {@code :from} to below
   * {@code :to}, without those that others hold, and holds them: {@code lane}, {@code queue},
   * {@code id}, {@code priority}, {@code job_group}, {@code run_at}, {@code rank}.
   */
  Sql pendingBetween();

  /** Gives jobs their ranks; those that are not PENDING any more are left as they are. */
  void rank(Session session, List<Ranked> jobs);

  /** Writes {@code :payload} in place of the payload of the job {@code :id}. */
  Sql putPayload();

  /** Deletes the rows of a job in every table, given its {@code :id}. */
  List<Sql> deletes();

  /** Writes jobs' rows and payloads as they are recorded; none of their ids is there. */
  void load(Session session, List<JobRecord> records, JobLanes lanes);

  /**
   * Makes the trigger {@code jobs_ended}, which writes down for webhooks what becomes of jobs, or
   * drops it; nothing is done if it is as wanted.
   */
  void watchEnds(Session session, boolean isWanted);

  /** Counts 1 if the table {@code queue_move} exists. */
  Sql knowsMoves();

  /**
   * Make the table {@code queue_move (direction, address, message, filling)}, and the triggers on
   * every table of the queue that refuse a write with its message, unless {@code filling} is 1.
   */
  List<Sql> fences();

  /** Drop what {@link #fences} makes; all of it is there. */
  List<Sql> unfences();
}
