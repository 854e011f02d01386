package dev.holdfast.jdbc.store;

import dev.holdfast.Enqueued;
import dev.holdfast.spi.GroupCommit;
import dev.holdfast.spi.JobDraft;
import java.util.ArrayList;
import java.util.List;

/**
 * Group commit in front of enqueue: what callers bring while a transaction is under way goes into
 * the next one together, by statements of many rows.
 */
final class EnqueueGroups {
  private static final int CALLS_MAX = 1_000;

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
    Call call = new Call(jobs);
    groups.commit(call);
    return call.answers;
  }

  private void commit(List<Call> calls) {
    List<JobDraft> all = new ArrayList<>();
    calls.forEach(call -> all.addAll(call.jobs));
    List<Enqueued> answers =
        database.write(
            Lane.CALLERS, (session, now, news) -> enqueues.enqueue(session, all, now, news));
    int next = 0;
    for (Call call : calls) {
      call.answers = List.copyOf(answers.subList(next, next + call.jobs.size()));
      next += call.jobs.size();
    }
  }
}
