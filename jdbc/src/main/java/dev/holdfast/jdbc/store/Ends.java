package dev.holdfast.jdbc.store;

import static java.util.Objects.requireNonNull;

import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.jdbc.dialect.ConnectionUse;
import dev.holdfast.jdbc.dialect.Database;
import dev.holdfast.jdbc.dialect.Database.Work;
import dev.holdfast.jdbc.dialect.Dialect;
import dev.holdfast.jdbc.dialect.Tx;
import dev.holdfast.jdbc.series.SampleDeltas;
import dev.holdfast.jdbc.sql.Halving;
import dev.holdfast.jdbc.sql.IdLists;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.HandlerOutput;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.Transition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Acknowledges finished attempts, even if others hold rows of their jobs.
 *
 * <p>Normally it waits for such a row, as long as the database allows; when nobody holds one, that
 * costs nothing. After a wait that was too long it skips held rows, until a run has set nothing
 * aside. It never waits for acknowledgements that were set aside before.
 *
 * <p>A row other than the job's own can be held as well. Then the batch is halved until the job
 * concerned is found, and the others continue.
 */
final class Ends {
  /** A statement that completes many jobs does not tell which ones, if it skipped any. */
  private static final Sql COMPLETED =
      IdLists.in(
          """
          select id, finished_at from jobs
           where id in (%s) and state || '' = 'COMPLETED'
          """);

  private static final Sql LOOK = IdLists.in("select id, token, state from jobs where id in (%s)");

  /** The limit of remembered leases, as some workers never come back. */
  private static final int REMEMBERED_MAX = 10_000;

  private final Database database;
  private final Dialect dialect;
  private final Completions completions;
  private final Endings endings;
  private final EventWriter eventWriter;
  private final Claims claims;
  private final Set<Lease> setAside = ConcurrentHashMap.newKeySet();
  private volatile boolean isCareful;

  Ends(
      Database database,
      Dialect dialect,
      Completions completions,
      Endings endings,
      EventWriter eventWriter,
      Claims claims) {
    this.database = database;
    this.dialect = dialect;
    this.completions = completions;
    this.endings = endings;
    this.eventWriter = eventWriter;
    this.claims = claims;
  }

  /**
   * The outcome of acknowledgements; those not listed were accepted.
   *
   * @param stale the leases that had ended before
   * @param setAside valid leases of jobs whose rows others hold
   * @param untried those that were not tried
   */
  record Result(List<Lease> stale, List<Lease> setAside, List<Acknowledgement> untried) {
    static final Result ALL_ACCEPTED = new Result(List.of(), List.of(), List.of());

    static Result untried(List<Acknowledgement> ends) {
      return new Result(List.of(), List.of(), ends);
    }

    Result plus(Result others) {
      return new Result(
          both(stale, others.stale),
          both(setAside, others.setAside),
          both(untried, others.untried));
    }

    private static <T> List<T> both(List<T> some, List<T> others) {
      return Stream.concat(some.stream(), others.stream()).toList();
    }
  }

  /** Returns the first transaction of a run; its result goes to {@link #finish}. */
  Work<Result> begin(List<Acknowledgement> ends) {
    if (isCareful || ends.stream().anyMatch(this::isKnown)) {
      return careful(ends);
    }
    Work<Result> waiting = tx -> acknowledge(tx, ends);
    return waiting.orIfBusy(careful(ends));
  }

  private boolean isKnown(Acknowledgement end) {
    return !setAside.isEmpty() && setAside.contains(end.lease());
  }

  private Work<Result> careful(List<Acknowledgement> ends) {
    Work<Result> free = tx -> acknowledgeFree(tx, ends);
    return free.orIfBusy(tx -> Result.untried(ends));
  }

  /** Tries what the first transaction could not do, and returns the outcome of all. */
  Result finish(List<Acknowledgement> ends, Result begun) {
    Result all = begun.untried().isEmpty() ? begun : oneByOne(begun.untried());
    boolean isAnySetAside = !all.setAside().isEmpty();
    if (isAnySetAside || isCareful || !setAside.isEmpty()) {
      ends.forEach(end -> setAside.remove(end.lease()));
      if (setAside.size() > REMEMBERED_MAX) {
        setAside.clear();
      }
      setAside.addAll(all.setAside());
      isCareful = isAnySetAside;
    }
    return all;
  }

  /**
   * Acknowledges one by one. Those that were set aside before come last, so that they delay no
   * others.
   */
  private Result oneByOne(List<Acknowledgement> untried) {
    List<List<Acknowledgement>> batches = new ArrayList<>();
    batches.add(untried.stream().filter(end -> !isKnown(end)).toList());
    untried.stream().filter(this::isKnown).forEach(end -> batches.add(List.of(end)));
    return Halving.run(batches, this::tried, this::looked).stream()
        .reduce(Result.ALL_ACCEPTED, Result::plus);
  }

  private Result tried(List<Acknowledgement> ends) {
    return database.write(ConnectionUse.WORK, tx -> acknowledgeFree(tx, ends));
  }

  private Result looked(List<Acknowledgement> ends) {
    return database.read(ConnectionUse.WORK, session -> look(session, ends));
  }

  /**
   * Acknowledges attempts, in the order of ids, so that two nodes' transactions cannot deadlock.
   * Waits for rows that others hold.
   */
  private Result acknowledge(Tx tx, List<Acknowledgement> acknowledgements) {
    List<Acknowledgement> ordered = inOrder(acknowledgements);
    if (!ordered.stream().allMatch(Ends::isPlain)) {
      dialect.hold(tx, ordered.stream().map(end -> end.lease().job()).toList());
    }
    return end(tx, ordered);
  }

  /**
   * Acknowledges attempts without waiting for any row of a job: those that others hold are set
   * aside.
   */
  private Result acknowledgeFree(Tx tx, List<Acknowledgement> acknowledgements) {
    List<Acknowledgement> ordered = inOrder(acknowledgements);
    Set<JobId> free = dialect.holdFree(tx, ordered.stream().map(end -> end.lease().job()).toList());
    Map<Boolean, List<Acknowledgement>> byFree =
        ordered.stream()
            .collect(Collectors.partitioningBy(end -> free.contains(end.lease().job())));
    return end(tx, requireNonNull(byFree.get(true)))
        .plus(look(tx, requireNonNull(byFree.get(false))));
  }

  /** Changes nothing: reports of each acknowledgement whether it is stale or set aside. */
  private Result look(Session session, List<Acknowledgement> held) {
    if (held.isEmpty()) {
      return Result.ALL_ACCEPTED;
    }
    Map<JobId, Seen> seen = new HashMap<>();
    List<JobId> ids = held.stream().map(end -> end.lease().job()).toList();
    IdLists.list(
        session,
        LOOK,
        ids,
        row ->
            seen.put(
                new JobId(row.id(1)),
                new Seen(row.number(2), JobState.valueOf(row.text(3)) == JobState.RUNNING)));
    List<Lease> stale = new ArrayList<>();
    List<Lease> aside = new ArrayList<>();
    for (Acknowledgement end : held) {
      Lease lease = end.lease();
      Optional<Seen> job =
          Optional.ofNullable(seen.get(lease.job())).filter(now -> now.token == lease.token());
      if (job.isEmpty()) {
        stale.add(lease);
      } else if (job.get().isRunning) {
        aside.add(lease);
      } else if (!AttemptEnds.isRepeated(session, end)) {
        stale.add(lease);
      }
    }
    return new Result(stale, aside, List.of());
  }

  private record Seen(long token, boolean isRunning) {}

  private static List<Acknowledgement> inOrder(List<Acknowledgement> acknowledgements) {
    List<Acknowledgement> ordered = new ArrayList<>(acknowledgements);
    ordered.sort(Comparator.comparing(end -> end.lease().job()));
    return ordered;
  }

  private Result end(Tx tx, List<Acknowledgement> ordered) {
    List<Acknowledgement> completed = new ArrayList<>(ordered.size());
    List<Acknowledgement> refused = new ArrayList<>();
    SampleDeltas samples = new SampleDeltas();
    for (Acknowledgement end : ordered) {
      claims.ended(tx, end.lease().job());
      HandlerOutput notes = end.notes();
      if (!notes.isEmpty() && !areStored(tx, end)) {
        eventWriter.write(tx, notes);
      }
      if (end.transition().kind() == Transition.Kind.COMPLETE) {
        completed.add(end);
      } else if (endings.byHolder(tx, end)) {
        samples.ended(end);
      } else {
        refused.add(end);
      }
    }
    List<Acknowledgement> unsure = completions.complete(tx, completed);
    completedOf(tx, completed, unsure).forEach(samples::ended);
    samples.write(tx);
    refused.addAll(unsure);
    List<Lease> stale =
        refused.stream()
            .filter(end -> !AttemptEnds.isRepeated(tx, end))
            .map(Acknowledgement::lease)
            .toList();
    return new Result(stale, List.of(), List.of());
  }

  /** Returns whether the output came with an earlier try. */
  private boolean areStored(Tx tx, Acknowledgement end) {
    return AttemptEnds.of(tx, end.lease()).isPresent() && eventWriter.hasLines(tx, end.notes());
  }

  /** Returns those that this transaction has completed. */
  private static Collection<Acknowledgement> completedOf(
      Tx tx, List<Acknowledgement> all, List<Acknowledgement> unsure) {
    if (unsure.isEmpty()) {
      return all;
    }
    Set<JobId> done = new HashSet<>();
    List<JobId> ids = unsure.stream().map(end -> end.lease().job()).toList();
    IdLists.list(
        tx, COMPLETED, ids, row -> row.number(2) == tx.now() && done.add(new JobId(row.id(1))));
    Set<Acknowledgement> sure = new LinkedHashSet<>(all);
    unsure.stream().filter(end -> !done.contains(end.lease().job())).forEach(sure::remove);
    return sure;
  }

  /** Returns whether one statement is enough. */
  private static boolean isPlain(Acknowledgement end) {
    return end.transition().kind() == Transition.Kind.COMPLETE && end.notes().isEmpty();
  }
}
