package dev.holdfast.jdbc.store;

import dev.holdfast.Enqueued;
import dev.holdfast.StoreUnavailableException;
import dev.holdfast.jdbc.store.Database.Work;
import dev.holdfast.spi.GroupCommit;
import dev.holdfast.spi.JobDraft;
import java.util.ArrayList;
import java.util.List;

/**
 * Group commit in front of enqueue: what callers bring while a transaction is under way goes into
 * the next one together, by statements of many rows.
 *
 * <p>Jobs with an idempotency key go alone, and jobs that wait for others: such a key, or such a
 * job, can be held by a transaction of somebody else, and the wait for its end must not be
 * everybody's.
 *
 * <p>Whether a transaction happened whose connection was lost may be unknown. It is repeated then:
 * jobs that are there already are left as they are, by their ids.
 */
final class EnqueueGroups {
  private static final int CALLS_MAX = 1_000;
  private static final int TRIES_MAX = 3;

  /** Every dialect that has more than one writer inserts so many by one statement. */
  private static final int ROWS_MAX = 1_000;

  private static final class Call {
    private final List<JobDraft> jobs;
    private List<Enqueued> answers = List.of();

    private Call(List<JobDraft> jobs) {
      this.jobs = jobs;
    }
  }

  private final Database database;
  private final Enqueues enqueues;
  private final GroupCommit<Call> groups = new GroupCommit<>(CALLS_MAX, this::commit);

  EnqueueGroups(Database database, Enqueues enqueues) {
    this.database = database;
    this.enqueues = enqueues;
  }

  List<Enqueued> enqueue(List<JobDraft> jobs) {
    if (jobs.stream().anyMatch(EnqueueGroups::goesAlone)) {
      return write(jobs);
    }
    Call call = new Call(jobs);
    groups.commit(call);
    return call.answers;
  }

  private static boolean goesAlone(JobDraft job) {
    return job.key().isPresent() || !job.waits().isNone();
  }

  private void commit(List<Call> calls) {
    List<JobDraft> all = new ArrayList<>();
    calls.forEach(call -> all.addAll(call.jobs));
    List<Enqueued> answers = write(all);
    int next = 0;
    for (Call call : calls) {
      call.answers = List.copyOf(answers.subList(next, next + call.jobs.size()));
      next += call.jobs.size();
    }
  }

  /** All or none is true of a single statement anyway. */
  private static boolean isOneStatement(List<JobDraft> jobs) {
    return jobs.size() <= ROWS_MAX && jobs.stream().noneMatch(EnqueueGroups::goesAlone);
  }

  private List<Enqueued> write(List<JobDraft> jobs) {
    for (int tries = 1; ; tries++) {
      try {
        Work<List<Enqueued>> work =
            (session, now, news) -> enqueues.enqueue(session, jobs, now, news);
        return isOneStatement(jobs)
            ? database.writeEach(ConnectionUse.CALLERS, work)
            : database.write(ConnectionUse.CALLERS, work);
      } catch (StoreUnavailableException unknown) {
        if (tries == TRIES_MAX) {
          throw unknown;
        }
      }
    }
  }
}
