package dev.holdfast.jdbc.store;

import dev.holdfast.Failure;
import dev.holdfast.Fingerprint;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NodeId;
import dev.holdfast.jdbc.dialect.Dialect;
import dev.holdfast.jdbc.dialect.Tx;
import dev.holdfast.jdbc.series.SampleDeltas;
import dev.holdfast.jdbc.sql.Bound;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.jdbc.store.Dependents.Cause;
import dev.holdfast.jdbc.store.Dependents.Ended;
import dev.holdfast.jdbc.store.Steps.Begun;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Death;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.Origin;
import dev.holdfast.spi.Rescue;
import dev.holdfast.spi.Signal;
import dev.holdfast.spi.StepWait;
import dev.holdfast.spi.Transition;
import dev.holdfast.spi.Transition.Kind;
import dev.holdfast.step.StepKind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The statements that end an attempt otherwise than by completion, one for each transition. Each
 * carries its lease. An end that does not come from the holder increments the token, which fences
 * the holder off. A job that is charged a crash leaves its lane: the next claim decides whether it
 * is on its last chance.
 */
final class Endings {
  private static final Sql RETRY =
      Sql.of(
          """
          update jobs
             set state = 'SCHEDULED', run_at = :run_at, node = null, started_at = null,
                 ended_as = :ended_as, ended_token = token,
                 token = token + :fence, crashes = crashes + :crashes,
                 lane = case when :crashes > 0 then 0 else lane end,
                 lapses = lapses + :lapses,
                 failure_kind = :failure_kind, failure_message = :failure_message,
                 failure_trace = :failure_trace, updated_at = :now
           where id = :id and state = 'RUNNING' and token = :token
             and (node = :node or :fence > 0)
          """);

  private static final Sql SNOOZE =
      Sql.of(
          """
          update jobs
             set state = 'SCHEDULED', run_at = :run_at, node = null, started_at = null,
                 attempt = attempt - 1, ended_as = :ended_as, ended_token = token,
                 token = token + :fence, crashes = crashes + :crashes,
                 lane = case when :crashes > 0 then 0 else lane end,
                 lapses = lapses + :lapses, updated_at = :now
           where id = :id and state = 'RUNNING' and token = :token
             and (node = :node or :fence > 0)
          """);

  private static final Sql AWAIT =
      Sql.of(
          """
          update jobs
             set state = 'BLOCKED', waits = 1, node = null, started_at = null,
                 attempt = attempt - 1, ended_as = :ended_as, ended_token = token,
                 token = token + :fence, crashes = crashes + :crashes,
                 lapses = lapses + :lapses, updated_at = :now
           where id = :id and state = 'RUNNING' and token = :token
             and (node = :node or :fence > 0)
          """);

  /** Puts the job at place 0 of its claim order's band, so that it is next; see {@code Ranking}. */
  private static final Sql RELEASE =
      Sql.of(
          """
          update jobs
             set state = 'PENDING', node = null, started_at = null,
                 attempt = attempt - 1, ended_as = :ended_as, ended_token = token,
                 token = token + :fence, crashes = crashes + :crashes,
                 lane = case when :crashes > 0 then 0 else lane end,
                 lapses = lapses + :lapses,
                 rank = coalesce((select q.band * 2305843009213693952 from queues q
                                   where q.name = jobs.queue
                                     and q.claim_order in ('WEIGHTED_RANDOM', 'FAIR')), rank),
                 updated_at = :now
           where id = :id and state = 'RUNNING' and token = :token
             and (node = :node or :fence > 0)
          """);

  private static final Sql TYPE = Sql.of("select type from jobs where id = :id");

  /** A job without dependents. */
  private static final Sql FAIL =
      Sql.of(
          """
          update jobs
             set state = 'FAILED', finished_at = :now,
                 ended_as = :ended_as, ended_token = token,
                 token = token + :fence, crashes = crashes + :crashes,
                 lapses = lapses + :lapses,
                 failure_kind = :failure_kind, failure_message = :failure_message,
                 failure_trace = :failure_trace, fingerprint = :fingerprint, updated_at = :now
           where id = :id and state = 'RUNNING' and token = :token
             and (node = :node or :fence > 0) and awaited = 0
          """);

  private static final Sql FAIL_AWAITED =
      Sql.of(
          """
          update jobs
             set state = 'FAILED', finished_at = :now,
                 ended_as = :ended_as, ended_token = token,
                 token = token + :fence, crashes = crashes + :crashes,
                 lapses = lapses + :lapses,
                 failure_kind = :failure_kind, failure_message = :failure_message,
                 failure_trace = :failure_trace, fingerprint = :fingerprint, updated_at = :now
           where id = :id and state = 'RUNNING' and token = :token
             and (node = :node or :fence > 0) and awaited > 0
          """);

  private static final Sql HOLD =
      Sql.of(
          """
          update jobs
             set state = 'INTERRUPTED', interrupted_at = :now,
                 ended_as = :ended_as, ended_token = token,
                 token = token + :fence, crashes = crashes + :crashes,
                 lane = case when :crashes > 0 then 0 else lane end,
                 lapses = lapses + :lapses, updated_at = :now
           where id = :id and state = 'RUNNING' and token = :token
             and (node = :node or :fence > 0)
          """);

  private final Dialect dialect;
  private final Dependents dependents;
  private final JobSignals signals;
  private final Predecessors predecessors;
  private final EventWriter eventWriter;

  Endings(
      Dialect dialect,
      Dependents dependents,
      JobSignals signals,
      Predecessors predecessors,
      EventWriter eventWriter) {
    this.dialect = dialect;
    this.dependents = dependents;
    this.signals = signals;
    this.predecessors = predecessors;
    this.eventWriter = eventWriter;
  }

  /** The caller that ends an attempt, what it charges the job with, and its type if it knows it. */
  private record Teller(
      String by, int fence, int crashes, int lapses, String why, Optional<String> type) {}

  /** Ends an attempt for its holder, and returns whether the lease held. The job is locked. */
  boolean byHolder(Tx tx, Acknowledgement end) {
    Teller holder =
        new Teller(end.lease().node().toString(), 0, 0, 0, "", end.origin().map(Origin::type));
    return end(tx, end.lease(), end.transition(), holder);
  }

  /**
   * Ends attempts without their holders, and returns those whose lease held. Rows that others have
   * locked are left unchanged.
   */
  List<Lease> byOther(Tx tx, List<Rescue> rescues, String by) {
    Set<NodeId> heldNodes =
        rescues.stream()
            .flatMap(rescue -> rescue.death().stream())
            .filter(death -> death.heartbeats().isPresent())
            .map(Death::node)
            .distinct()
            .filter(node -> !dialect.holdFree(tx, node))
            .collect(Collectors.toSet());
    Set<JobId> free =
        dialect.holdFree(tx, rescues.stream().map(rescue -> rescue.lease().job()).toList());
    List<Rescue> done =
        rescues.stream()
            .filter(rescue -> free.contains(rescue.lease().job()))
            .filter(rescue -> rescue.death().map(Death::node).filter(heldNodes::contains).isEmpty())
            .filter(rescue -> byOther(tx, rescue, by))
            .toList();
    Map<JobId, Kind> ends = new HashMap<>();
    done.forEach(rescue -> ends.put(rescue.lease().job(), rescue.transition().kind()));
    SampleDeltas samples = new SampleDeltas();
    samples.ended(tx, ends);
    samples.write(tx);
    RecoveryRows.add(tx, done, by);
    return done.stream().map(Rescue::lease).toList();
  }

  private boolean byOther(Tx tx, Rescue rescue, String by) {
    if (rescue.death().filter(death -> !Nodes.isStill(tx, death)).isPresent()) {
      return false;
    }
    int crashes = rescue.crashed() && !rescue.isLapse() ? 1 : 0;
    int lapses = rescue.isLapse() ? 1 : 0;
    Teller other = new Teller(by, 1, crashes, lapses, rescue.why(), Optional.empty());
    boolean ended = end(tx, rescue.lease(), rescue.transition(), other);
    if (ended) {
      if (rescue.isLapse()) {
        Lapses.add(tx, rescue);
      }
      tx.postCommit().add(Signal.REVOKED); // the holder may live
    }
    return ended;
  }

  private boolean end(Tx tx, Lease lease, Transition transition, Teller teller) {
    return switch (transition.kind()) {
      case RETRY -> retry(tx, lease, (Transition.Retry) transition, teller);
      case SNOOZE -> snooze(tx, lease, (Transition.Snooze) transition, teller);
      case AWAIT -> await(tx, lease, (Transition.Await) transition, teller);
      case SLEEP, SUSPEND -> suspend(tx, lease, (Transition.Suspend) transition, teller);
      case RELEASE -> release(tx, lease, (Transition.Release) transition, teller);
      case FAIL -> fail(tx, lease, (Transition.Fail) transition, teller);
      case HOLD -> hold(tx, lease, (Transition.Hold) transition, teller);
      case COMPLETE ->
          throw new IllegalStateException("completions go by the dialect's statement: a bug");
    };
  }

  private boolean retry(Tx tx, Lease lease, Transition.Retry retry, Teller teller) {
    Optional<Failure> failure = Optional.of(retry.failure());
    String why =
        teller.why().isEmpty()
            ? "retry in " + retry.delay()
            : "%s; retry in %s".formatted(teller.why(), retry.delay());
    if (!told(tx, lease, JobState.SCHEDULED, teller, why, failure)) {
      return false;
    }
    Bound update =
        fenced(tx, RETRY, Kind.RETRY, lease, teller)
            .set("run_at", tx.now() + Micros.of(retry.delay()));
    changeOne(failure(update, retry.failure()), lease);
    tx.postCommit().add(Signal.SCHEDULED);
    return true;
  }

  private boolean snooze(Tx tx, Lease lease, Transition.Snooze snooze, Teller teller) {
    String why =
        teller.why().isEmpty()
            ? "snoozed for " + snooze.delay()
            : "%s; it waits for %s".formatted(teller.why(), snooze.delay());
    if (!told(tx, lease, JobState.SCHEDULED, teller, why, Optional.empty())) {
      return false;
    }
    changeOne(
        fenced(tx, SNOOZE, Kind.SNOOZE, lease, teller)
            .set("run_at", tx.now() + Micros.of(snooze.delay())),
        lease);
    tx.postCommit().add(Signal.SCHEDULED);
    return true;
  }

  /** The job is held, so no signal comes between the look for one and the wait. */
  private boolean await(Tx tx, Lease lease, Transition.Await await, Teller teller) {
    String why = "asked for signal '%s'".formatted(await.signal().name());
    if (!told(tx, lease, JobState.BLOCKED, teller, why, Optional.empty())) {
      return false;
    }
    changeOne(fenced(tx, AWAIT, Kind.AWAIT, lease, teller), lease);
    signals.ask(tx, lease.job(), await.signal());
    return true;
  }

  /** Writes the step only when the end is told, which shows that the lease holds. */
  private boolean suspend(Tx tx, Lease lease, Transition.Suspend suspend, Teller teller) {
    Kind kind = suspend.kind();
    String why = suspend.step().why();
    if (!told(tx, lease, kind.to(), teller, why, Optional.empty())) {
      return false;
    }
    Begun begun = Steps.begin(tx, lease, suspend.step());
    if (kind == Kind.SLEEP) {
      changeOne(fenced(tx, SNOOZE, kind, lease, teller).set("run_at", begun.until()), lease);
      tx.postCommit().add(Signal.SCHEDULED);
      return true;
    }
    changeOne(fenced(tx, AWAIT, kind, lease, teller), lease);
    if (suspend.step().kind() == StepKind.SIGNAL) {
      signals.ask(tx, lease.job(), begun.signal(suspend.step(), tx.now()));
    } else {
      predecessors.await(
          tx, lease.job(), StepWait.firstPosition(begun.position()), suspend.step().jobs());
    }
    return true;
  }

  /** A lease that is returned before its handler started leaves no trace in the history. */
  private boolean release(Tx tx, Lease lease, Transition.Release release, Teller teller) {
    String why = release.why();
    if (!why.isEmpty() && !told(tx, lease, JobState.PENDING, teller, why, Optional.empty())) {
      return false;
    }
    int rows = fenced(tx, RELEASE, Kind.RELEASE, lease, teller).update();
    tx.postCommit().reopened(lease.job());
    return rows == 1;
  }

  /** The holder's own failure is in the job's row; one that others found needs its reason. */
  private boolean fail(Tx tx, Lease lease, Transition.Fail fail, Teller teller) {
    Optional<Failure> failure = Optional.of(fail.failure());
    if (teller.fence() > 0 && !told(tx, lease, JobState.FAILED, teller, teller.why(), failure)) {
      return false;
    }
    String type = teller.type().orElseGet(() -> typeOf(tx, lease.job()));
    Fingerprint fingerprint = Fingerprint.of(type, fail.failure());
    if (fail(tx, FAIL, lease, fail, fingerprint, teller) == 1) {
      return true;
    }
    int rows = fail(tx, FAIL_AWAITED, lease, fail, fingerprint, teller);
    if (rows == 1) {
      dependents.follow(tx, List.of(new Ended(lease.job(), JobState.FAILED)), Cause.NONE);
    }
    return rows == 1;
  }

  private static String typeOf(Session session, JobId job) {
    return session.sql(TYPE).set("id", job).first(row -> row.text(1)).orElse("");
  }

  private static int fail(
      Tx tx,
      Sql statement,
      Lease lease,
      Transition.Fail fail,
      Fingerprint fingerprint,
      Teller teller) {
    Bound update = fenced(tx, statement, Kind.FAIL, lease, teller);
    return failure(update, fail.failure()).set("fingerprint", fingerprint.value()).update();
  }

  private boolean hold(Tx tx, Lease lease, Transition.Hold hold, Teller teller) {
    if (!told(tx, lease, JobState.INTERRUPTED, teller, hold.why(), Optional.empty())) {
      return false;
    }
    changeOne(fenced(tx, HOLD, Kind.HOLD, lease, teller), lease);
    return true;
  }

  private static Bound fenced(Tx tx, Sql sql, Kind kind, Lease lease, Teller teller) {
    return tx.sql(sql)
        .set("id", lease.job())
        .set("token", lease.token())
        .set("node", lease.node())
        .set("ended_as", kind.name())
        .set("fence", teller.fence())
        .set("crashes", teller.crashes())
        .set("lapses", teller.lapses())
        .set("now", tx.now());
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
      Tx tx, Lease lease, JobState to, Teller teller, String why, Optional<Failure> failure) {
    return eventWriter.end(tx, lease, teller.fence(), to, teller.by(), why, failure);
  }
}
