package dev.holdfast.jdbc.store;

import dev.holdfast.jdbc.dialect.ConnectionUse;
import dev.holdfast.jdbc.dialect.Database;
import dev.holdfast.jdbc.dialect.Database.Work;
import dev.holdfast.jdbc.sql.Halving;
import dev.holdfast.jdbc.store.Exchanges.Result;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Lease;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Acknowledges attempts even if others hold rows of their jobs.
 *
 * <p>Normally it waits for such a row, as long as the database allows; when nobody holds one, that
 * costs nothing. After a wait that was too long it skips held rows, until a run has set nothing
 * aside. It never waits for acknowledgements that were set aside before.
 *
 * <p>A row other than the job's own can be held as well. Then the batch is halved until the job
 * concerned is found, and the others continue.
 */
final class Ends {
  /** The limit of remembered leases, as some workers never come back. */
  private static final int REMEMBERED_MAX = 10_000;

  private final Database database;
  private final Exchanges exchanges;
  private final Set<Lease> setAside = ConcurrentHashMap.newKeySet();
  private volatile boolean isCareful;

  Ends(Database database, Exchanges exchanges) {
    this.database = database;
    this.exchanges = exchanges;
  }

  /** Returns the first transaction of a run; its result goes to {@link #finish}. */
  Work<Result> begin(List<Acknowledgement> ends) {
    if (isCareful || ends.stream().anyMatch(this::isKnown)) {
      return careful(ends);
    }
    Work<Result> waiting = tx -> exchanges.acknowledge(tx, ends);
    return waiting.orIfBusy(careful(ends));
  }

  private boolean isKnown(Acknowledgement end) {
    return !setAside.isEmpty() && setAside.contains(end.lease());
  }

  private Work<Result> careful(List<Acknowledgement> ends) {
    Work<Result> free = tx -> exchanges.acknowledgeFree(tx, ends);
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
    return database.write(ConnectionUse.WORK, tx -> exchanges.acknowledgeFree(tx, ends));
  }

  private Result looked(List<Acknowledgement> ends) {
    return database.read(ConnectionUse.WORK, session -> exchanges.look(session, ends));
  }
}
