package dev.holdfast.jdbc.store;

import dev.holdfast.Enqueued;
import dev.holdfast.error.StoreUnavailableException;
import dev.holdfast.jdbc.dialect.ConnectionUse;
import dev.holdfast.jdbc.dialect.Database;
import dev.holdfast.jdbc.dialect.Database.Work;
import dev.holdfast.spi.GroupCommit;
import dev.holdfast.spi.record.JobDraft;
import java.util.ArrayList;
import java.util.List;

/**
 * Group commit for enqueues: jobs that arrive while a transaction is under way go into the next one
 * together, with multi-row statements.
 *
 * <p>Jobs with an idempotency key and jobs that wait for others go alone: another transaction can
 * hold such a key or predecessor, and only their own caller should wait for its end.
 *
 * <p>If a connection is lost, it may be unknown whether the transaction was committed. It is then
 * repeated: jobs that exist already are left unchanged, by their ids.
 */
final class EnqueueGroups {
  private static final int CALLS_MAX = 1_000;
  private static final int TRIES_MAX = 3;

  /**
   * The number of rows that every dialect with several writers can insert, and count in the
   * samples, with one statement.
   */
  private static final int ROWS_MAX = 199;

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

  /** Returns whether one statement suffices, which is atomic by itself. */
  private static boolean isOneStatement(List<JobDraft> jobs) {
    return jobs.size() <= ROWS_MAX && jobs.stream().noneMatch(EnqueueGroups::goesAlone);
  }

  private List<Enqueued> write(List<JobDraft> jobs) {
    for (int tries = 1; ; tries++) {
      try {
        Work<List<Enqueued>> work = tx -> enqueues.enqueue(tx, jobs);
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
