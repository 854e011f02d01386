package dev.holdfast.jdbc.dialect;

import dev.holdfast.JobId;
import dev.holdfast.NodeId;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.record.JobDraft;
import dev.holdfast.spi.record.JobRecord;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;

/** The operations on the hot path, for which each database has statements of its own. */
public interface Dialect {

  /**
   * Writes new jobs; one whose id is there already is left as it is.
   *
   * @param ranks the rank of each
   */
  void insert(Tx tx, List<JobDraft> jobs, JobLanes lanes, ToLongFunction<JobDraft> ranks);

  /** The lanes with work that are known. */
  LaneHeads heads();

  /**
   * Reads a part of the lanes in which jobs wait.
   *
   * @param behind those after this one, in the order of their ids
   * @param most approximate maximum
   */
  LanesRead lanesWithWork(Session session, long behind, int most);

  /** Finds lanes with new jobs that were not announced to this process. */
  List<LaneHead> arrivals(Tx tx);

  /**
   * Returns how many jobs a claim takes from each queue before it takes more from any.
   *
   * @param jobs how many it wants
   * @param queues how many queues have work
   */
  int share(int jobs, int queues);

  /**
   * Leases the first {@code share} pending jobs of each of some lanes, in claim order.
   *
   * @param lanes at least one, all of different queues, none of jobs on their last chance
   * @param seen takes what is left in them, as far as that is seen
   */
  List<Claimed> claimEach(Tx tx, NodeId node, List<JobLane> lanes, int share, HeadsSeen seen);

  /**
   * Leases the first {@code limit} pending jobs of some lanes, in claim order.
   *
   * @param lanes at least one, all of the same queue
   * @param seen takes what is left in them, as far as that is seen
   */
  List<Claimed> claim(Tx tx, NodeId node, List<JobLane> lanes, int limit, HeadsSeen seen);

  /**
   * Moves pending jobs from a lane that is never claimed from into their own.
   *
   * @param jobs the first ones of that lane; none if it is empty
   */
  void sortIn(Tx tx, long from, List<AssignedJob> jobs);

  /**
   * Finds the first pending jobs of some lanes, in claim order.
   *
   * @param most maximum number per lane
   * @param seen takes the first of each lane
   */
  List<Candidate> candidates(Session session, List<JobLane> lanes, int most, HeadsSeen seen);

  /** Leases those of these jobs of a queue that are still in their lane, in claim order. */
  List<Claimed> claimChosen(Tx tx, NodeId node, String queue, List<Candidate> chosen);

  /**
   * Keeps the rows of limits until the transaction ends: of queues first, then of types, each in
   * the order of their names.
   */
  void holdLimits(Tx tx, Collection<String> queues, Collection<String> types);

  /** Locks those that are free, without waiting. @return those that others have locked */
  HeldLimits holdFreeLimits(Tx tx, Collection<String> queues, Collection<String> types);

  /** Records that these jobs run under limits, each with its permit. */
  void putHolds(Tx tx, List<Claimed> jobs);

  /**
   * Completes jobs whose lease holds, and for which no other job waits.
   *
   * @param ends acknowledgements of completion only, by one node
   * @return those that changed no row
   */
  List<Acknowledgement> complete(Tx tx, List<Acknowledgement> ends);

  /** The leases of a node on these jobs, sought by the jobs' ids. */
  List<Lease> held(Session session, NodeId node, Collection<JobId> jobs);

  /**
   * Keeps these jobs as they are until the transaction ends: what is read of them afterwards stays
   * true. Nothing is to be done where a single writer excludes all others.
   */
  void hold(Tx tx, Collection<JobId> jobs);

  /**
   * Does the same for those of them that are not locked, without waiting for any.
   *
   * @return those that are kept; one that is missing is locked by others, or does not exist
   */
  Set<JobId> holdFree(Tx tx, Collection<JobId> jobs);

  /**
   * Keeps these jobs from being deleted until the transaction ends, and blocks nothing else on
   * them; it waits for those who delete them. A caller's transaction may use this, as its end is
   * unknown.
   *
   * @return those that are kept as they are, too, as a single writer excludes all others
   */
  Set<JobId> keep(Tx tx, Collection<JobId> jobs);

  /** Returns a number above those of all transactions so far that have written something. */
  default long transactionsSoFar(Session session) {
    return 0;
  }

  /** Returns whether all transactions below a number of {@link #transactionsSoFar} have ended. */
  default boolean haveEnded(Session session, long below) {
    return true;
  }

  /** Names who holds these jobs, for people; those of which it is not known are left out. */
  Map<JobId, String> holders(Session session, Collection<JobId> jobs);

  /** The same as {@link #holdFree}, for jobs that are to be deleted. */
  Set<JobId> holdFreeToDelete(Tx tx, Collection<JobId> jobs);

  /**
   * The same for a node's row, without waiting for it.
   *
   * @return false if others hold it
   */
  boolean holdFree(Tx tx, NodeId node);

  /** The time that has surely come, where {@code now} may be ahead of the database's clock. */
  long reached(Session session, long now);

  /**
   * Moves at most {@code limit} jobs that are due from SCHEDULED to PENDING, and gives them the
   * ranks of the first order.
   */
  List<NewlyPending> promote(Tx tx, int limit);

  /**
   * The first {@code :limit} PENDING jobs of {@code :lane} with a rank from {@code :from} to below
   * {@code :to}, without those that others hold, and holds them: {@code lane}, {@code queue},
   * {@code id}, {@code priority}, {@code job_group}, {@code run_at}, {@code rank}.
   */
  Sql pendingBetween();

  /** Gives jobs their ranks; those that are not PENDING any more are left as they are. */
  void rank(Tx tx, List<Ranked> jobs);

  /** Writes {@code :payload} in place of the payload of the job {@code :id}. */
  Sql putPayload();

  /** Deletes the rows of a job in every table, given its {@code :id}. */
  List<Sql> deletes();

  /** Writes jobs' rows and payloads as they are recorded; none of their ids is there. */
  void load(Tx tx, List<JobRecord> records, JobLanes lanes);

  /**
   * Makes the trigger {@code jobs_ended}, which records the ends of jobs for webhooks, or drops it;
   * does nothing if it is as wanted.
   */
  void watchEnds(Tx tx, boolean isWanted);

  /**
   * Returns the statements to run before a row of {@code queue_move} is written, which rejects all
   * writes with its message unless its {@code filling} is 1: they wait for every transaction that
   * has written.
   */
  List<Sql> fences();

  /** Returns the statements to run before that row is removed. */
  List<Sql> unfences();
}
