package dev.holdfast.jdbc.store;

import dev.holdfast.Failure;
import dev.holdfast.JobState;
import dev.holdfast.Lease;
import dev.holdfast.Transition;
import dev.holdfast.jdbc.store.Dependents.Ended;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Death;
import dev.holdfast.spi.Rescue;
import dev.holdfast.spi.Signal;
import java.util.List;
import java.util.Optional;

/**
 * The statements that end an attempt otherwise than by completion, one for each transition. Each
 * carries its lease. An end that is not told by the holder grows the token, which fences the holder
 * off.
 */
final class Endings {
  private static final Sql RETRY =
      Sql.of(
          """
          update jobs
             set state = 'SCHEDULED', run_at = :run_at, node = null, started_at = null,
                 token = token + :fence, crashes = crashes + :crashes,
                 failure_kind = :failure_kind, failure_message = :failure_message,
                 failure_trace = :failure_trace, updated_at = :now
           where id = :id and state = 'RUNNING' and token = :token
          """);

  private static final Sql SNOOZE =
      Sql.of(
          """
          update jobs
             set state = 'SCHEDULED', run_at = :run_at, node = null, started_at = null,
                 attempt = attempt - 1, token = token + :fence, crashes = crashes + :crashes,
                 updated_at = :now
           where id = :id and state = 'RUNNING' and token = :token
          """);

  private static final Sql AWAIT =
      Sql.of(
          """
          update jobs
             set state = 'BLOCKED', waits = 1, node = null, started_at = null,
                 attempt = attempt - 1, token = token + :fence, crashes = crashes + :crashes,
                 updated_at = :now
           where id = :id and state = 'RUNNING' and token = :token
          """);

  /** What has had its lot or turn is the next: place 0 of its order's band, see {@code Ranking}. */
  private static final Sql RELEASE =
      Sql.of(
          """
          update jobs
             set state = 'PENDING', node = null, started_at = null,
                 attempt = attempt - 1, token = token + :fence, crashes = crashes + :crashes,
                 rank = coalesce((select q.band * 2305843009213693952 from queues q
                                   where q.name = jobs.queue
                                     and q.claim_order in ('WEIGHTED_RANDOM', 'FAIR')), rank),
                 updated_at = :now
           where id = :id and state = 'RUNNING' and token = :token
          """);

  /** A job for which nobody waits. */
  private static final Sql FAIL =
      Sql.of(
          """
          update jobs
             set state = 'FAILED', finished_at = :now,
                 token = token + :fence, crashes = crashes + :crashes,
                 failure_kind = :failure_kind, failure_message = :failure_message,
                 failure_trace = :failure_trace, updated_at = :now
           where id = :id and state = 'RUNNING' and token = :token and awaited = 0
          """);

  private static final Sql FAIL_AWAITED =
      Sql.of(
          """
          update jobs
             set state = 'FAILED', finished_at = :now,
                 token = token + :fence, crashes = crashes + :crashes,
                 failure_kind = :failure_kind, failure_message = :failure_message,
                 failure_trace = :failure_trace, updated_at = :now
           where id = :id and state = 'RUNNING' and token = :token and awaited > 0
          """);

  private static final Sql HOLD =
      Sql.of(
          """
          update jobs
             set state = 'INTERRUPTED', interrupted_at = :now,
                 token = token + :fence, crashes = crashes + :crashes, updated_at = :now
           where id = :id and state = 'RUNNING' and token = :token
          """);

  private final Dialect dialect;
  private final Dependents dependents;
  private final JobSignals signals;
  private final Notebook notebook;

  Endings(Dialect dialect, Dependents dependents, JobSignals signals, Notebook notebook) {
    this.dialect = dialect;
    this.dependents = dependents;
    this.signals = signals;
    this.notebook = notebook;
  }

  /** Whose word ends the attempt. */
  private record Teller(String by, int fence, int crashes, String why) {}

  /** Ends an attempt by its holder's word, and answers whether the lease held. The job is held. */
  boolean byHolder(Session session, Acknowledgement end, long now, News news) {
    Teller holder = new Teller(end.lease().node().toString(), 0, 0, "");
    return end(session, end.lease(), end.transition(), holder, now, news);
  }

  /** Ends attempts over their holders' heads, and answers those whose lease held. */
  List<Lease> byOther(Session session, List<Rescue> rescues, String by, long now, News news) {
    rescues.stream()
        .flatMap(rescue -> rescue.death().stream())
        .map(Death::node)
        .distinct()
        .forEach(node -> dialect.hold(session, node));
    dialect.hold(session, rescues.stream().map(rescue -> rescue.lease().job()).toList());
    return rescues.stream()
        .filter(rescue -> byOther(session, rescue, by, now, news))
        .map(Rescue::lease)
        .toList();
  }

  private boolean byOther(Session session, Rescue rescue, String by, long now, News news) {
    if (rescue.death().filter(death -> !Nodes.isStill(session, death)).isPresent()) {
      return false;
    }
    Teller other = new Teller(by, 1, rescue.crashed() ? 1 : 0, rescue.why());
    boolean ended = end(session, rescue.lease(), rescue.transition(), other, now, news);
    if (ended) {
      news.add(Signal.REVOKED); // the holder may live
    }
    return ended;
  }

  private boolean end(
      Session session, Lease lease, Transition transition, Teller teller, long now, News news) {
    return switch (transition.kind()) {
      case RETRY -> retry(session, lease, (Transition.Retry) transition, teller, now, news);
      case SNOOZE -> snooze(session, lease, (Transition.Snooze) transition, teller, now, news);
      case AWAIT -> await(session, lease, (Transition.Await) transition, teller, now, news);
      case RELEASE -> release(session, lease, (Transition.Release) transition, teller, now, news);
      case FAIL -> fail(session, lease, (Transition.Fail) transition, teller, now, news);
      case HOLD -> hold(session, lease, (Transition.Hold) transition, teller, now);
      case COMPLETE ->
          throw new IllegalStateException("completions go by the dialect's statement: a bug");
    };
  }

  private boolean retry(
      Session session, Lease lease, Transition.Retry retry, Teller teller, long now, News news) {
    Optional<Failure> failure = Optional.of(retry.failure());
    String why = "retry in " + retry.delay();
    if (!told(session, lease, JobState.SCHEDULED, teller, why, failure, now)) {
      return false;
    }
    Bound update =
        fenced(session, RETRY, lease, teller, now).set("run_at", now + Micros.of(retry.delay()));
    changeOne(failure(update, retry.failure()), lease);
    news.add(Signal.SCHEDULED);
    return true;
  }

  private boolean snooze(
      Session session, Lease lease, Transition.Snooze snooze, Teller teller, long now, News news) {
    String why = "snoozed for " + snooze.delay();
    if (!told(session, lease, JobState.SCHEDULED, teller, why, Optional.empty(), now)) {
      return false;
    }
    changeOne(
        fenced(session, SNOOZE, lease, teller, now).set("run_at", now + Micros.of(snooze.delay())),
        lease);
    news.add(Signal.SCHEDULED);
    return true;
  }

  /** The job is held, so no signal comes between the look for one and the wait. */
  private boolean await(
      Session session, Lease lease, Transition.Await await, Teller teller, long now, News news) {
    String why = "asked for signal '%s'".formatted(await.signal().name());
    if (!told(session, lease, JobState.BLOCKED, teller, why, Optional.empty(), now)) {
      return false;
    }
    changeOne(fenced(session, AWAIT, lease, teller, now), lease);
    signals.ask(session, lease.job(), await.signal(), now, news);
    return true;
  }

  /** A lease that is returned before its handler started leaves no trace in the history. */
  private boolean release(
      Session session,
      Lease lease,
      Transition.Release release,
      Teller teller,
      long now,
      News news) {
    String why = release.why();
    if (!why.isEmpty()
        && !told(session, lease, JobState.PENDING, teller, why, Optional.empty(), now)) {
      return false;
    }
    int rows = fenced(session, RELEASE, lease, teller, now).update();
    news.reopened(lease.job());
    return rows == 1;
  }

  /** The holder's own failure stands in the job's row; one that others found needs its reason. */
  private boolean fail(
      Session session, Lease lease, Transition.Fail fail, Teller teller, long now, News news) {
    Optional<Failure> failure = Optional.of(fail.failure());
    if (teller.fence() > 0
        && !told(session, lease, JobState.FAILED, teller, teller.why(), failure, now)) {
      return false;
    }
    if (failure(fenced(session, FAIL, lease, teller, now), fail.failure()).update() == 1) {
      return true;
    }
    int rows = failure(fenced(session, FAIL_AWAITED, lease, teller, now), fail.failure()).update();
    if (rows == 1) {
      dependents.follow(session, List.of(new Ended(lease.job(), JobState.FAILED)), now, news);
    }
    return rows == 1;
  }

  private boolean hold(
      Session session, Lease lease, Transition.Hold hold, Teller teller, long now) {
    if (!told(session, lease, JobState.INTERRUPTED, teller, hold.why(), Optional.empty(), now)) {
      return false;
    }
    changeOne(fenced(session, HOLD, lease, teller, now), lease);
    return true;
  }

  private static Bound fenced(Session session, Sql sql, Lease lease, Teller teller, long now) {
    return session
        .sql(sql)
        .set("id", lease.job())
        .set("token", lease.token())
        .set("fence", teller.fence())
        .set("crashes", teller.crashes())
        .set("now", now);
  }

  private static Bound failure(Bound update, Failure failure) {
    return update
        .set("failure_kind", failure.kind().name())
        .set("failure_message", failure.message())
        .set("failure_trace", failure.trace());
  }

  private static void changeOne(Bound update, Lease lease) {
    int rows = update.update();
    if (rows != 1) {
      throw new IllegalStateException("ending %s changed %d rows: a bug".formatted(lease, rows));
    }
  }

  private boolean told(
      Session session,
      Lease lease,
      JobState to,
      Teller teller,
      String why,
      Optional<Failure> failure,
      long now) {
    return notebook.end(session, lease, to, teller.by(), why, failure, now);
  }
}
