package dev.holdfast.postgres;

import dev.holdfast.BusyException;
import dev.holdfast.Finding;
import dev.holdfast.NodeId;
import dev.holdfast.QueueStatus;
import dev.holdfast.StoreUnavailableException;
import dev.holdfast.Transaction;
import dev.holdfast.jdbc.store.ConnectionUse;
import dev.holdfast.jdbc.store.Database;
import dev.holdfast.jdbc.store.News;
import dev.holdfast.jdbc.store.Place;
import dev.holdfast.jdbc.store.Session;
import dev.holdfast.jdbc.store.Sql;
import dev.holdfast.postgres.PostgresErrors.LostRaceException;
import dev.holdfast.spi.JobStore.Subscription;
import dev.holdfast.spi.Signal;
import dev.holdfast.spi.StoreProvider.Surroundings;
import dev.holdfast.spi.Upkeep;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.postgresql.util.PSQLWarning;

/**
 * The transactions of a database, each on a connection kept for its use. One that loses a race is
 * repeated here. One whose connection is lost before its commit has not happened; one that is lost
 * at its commit may have happened, and the caller is told so.
 */
final class PostgresDatabase implements Database {
  private static final int RACES_MAX = 5;

  // What a transaction says first behind a pooler.
  private static final Sql SETTINGS = Sql.of(Settings.forTransaction(ConnectionUse.CALLERS));
  private static final Sql SETTINGS_OF_WORK = Sql.of(Settings.forTransaction(ConnectionUse.WORK));

  private final Pools pools;
  private final StoreClock clock;
  private final PostgresErrors errors;
  private final Marks marks;
  private final BusyLanes lanes;
  private final Lifeline lifeline;
  private final Notifications notifications;
  private final CallersTransactions callers;
  private final SecondHand secondHand;
  private final Doubt doubt;
  private final RecentJobs recent;
  private final Failovers failovers;
  private final Observation observation;
  private final List<Consumer<Signal>> listeners = new CopyOnWriteArrayList<>();

  PostgresDatabase(
      PostgresAddress address,
      Pools pools,
      StoreClock clock,
      Marks marks,
      BusyLanes lanes,
      String identity,
      Server server,
      Surroundings surroundings) {
    this.pools = pools;
    this.clock = clock;
    this.errors = new PostgresErrors(address);
    this.marks = marks;
    this.lanes = lanes;
    this.lifeline = new Lifeline(address, surroundings.threads(), new Hearing());
    this.notifications =
        new Notifications(pools, new CommitWatch(pools, this::tell), surroundings.threads());
    this.callers = new CallersTransactions(errors, clock, identity);
    this.secondHand = new SecondHand(surroundings.threads());
    this.recent = new RecentJobs(surroundings.time());
    this.failovers = new Failovers(this, recent, server);
    this.doubt = new Doubt(pools, failovers);
    this.observation = new Observation(address, pools, failovers);
  }

  Lifeline lifeline() {
    return lifeline;
  }

  /** Makes a node visible to other machines; behind a pooler nothing could show them. */
  void announce(NodeId node) {
    if (!pools.pooled()) {
      lifeline.hold(node);
    }
  }

  /** What the lifeline hears is passed on. */
  private final class Hearing implements Lifeline.Listener {
    @Override
    public void heard(String text) {
      Message message = Message.decode(text);
      if (!notifications.isOwn(message)) {
        arrived(message.arrivals());
        message.signals().forEach(PostgresDatabase.this::tellListeners);
      }
    }

    @Override
    public void opened(Server server) {
      forgetArrivals();
      for (Signal signal : Signal.values()) {
        tellListeners(signal);
      }
      failovers.met(server);
    }
  }

  private void tellListeners(Signal signal) {
    listeners.forEach(listener -> listener.accept(signal));
  }

  private void arrived(Map<Long, Place> arrivals) {
    marks.arrived(arrivals);
    lanes.arrived(arrivals.keySet());
  }

  private void forgetArrivals() {
    marks.forget();
    lanes.forget();
  }

  private void tell(News news) {
    recent.add(news.written());
    if (!news.signals().isEmpty()) {
      arrived(news.arrivals());
      news.signals().forEach(this::tellListeners);
      notifications.tell(news);
    }
  }

  @Override
  public <T> T write(ConnectionUse use, Work<T> work) {
    return repeated(
        () ->
            attempt(use, (connection, isInDoubt) -> transaction(connection, use, work, isInDoubt)));
  }

  /** Each statement commits by itself, and says itself if that is not confirmed. */
  @Override
  public <T> T writeEach(ConnectionUse use, Work<T> work) {
    return pools.pooled() || doubt.exists()
        ? write(use, work)
        : repeated(
            () -> attempt(use, (connection, isInDoubt) -> statements(connection, work, isInDoubt)));
  }

  private static <T> T repeated(Supplier<T> attempt) {
    for (int tries = 1; ; tries++) {
      try {
        return attempt.get();
      } catch (LostRaceException lost) {
        if (tries == RACES_MAX) {
          throw new BusyException(
              "the same rows are changed by others again and again: nothing was changed, try again",
              lost);
        }
      }
    }
  }

  @Override
  public <A, B, T> T writeBoth(
      ConnectionUse use, Work<A> one, Work<B> other, BiFunction<A, B, T> both) {
    FutureTask<A> begun = secondHand.begin(() -> write(use, one));
    B answer;
    try {
      answer = write(use, other);
    } catch (RuntimeException | Error failure) {
      awaitQuietly(begun, failure);
      throw failure;
    }
    return both.apply(SecondHand.result(begun), answer);
  }

  /** It is not left behind: what follows may be about the same rows. */
  private static void awaitQuietly(FutureTask<?> begun, Throwable because) {
    try {
      SecondHand.result(begun);
    } catch (RuntimeException failedAsWell) {
      because.addSuppressed(failedAsWell);
    }
  }

  /** What was answered, and what there is to tell of it. */
  private record Done<T>(T answer, News news) {}

  private interface Attempt<T> {
    Done<T> on(Connection connection, boolean isInDoubt) throws SQLException;
  }

  private <T> T attempt(ConnectionUse use, Attempt<T> attempt) {
    long doubts = doubt.now();
    boolean isInDoubt = doubt.exists();
    boolean isDone = false;
    Done<T> done;
    try (Connection connection = pools.take(use)) {
      done = attempt.on(connection, isInDoubt);
      isDone = true;
    } catch (SQLException failure) {
      throw doubt.after(errors.meaning(failure));
    } catch (StoreUnavailableException unknown) {
      throw doubt.after(unknown);
    } finally {
      if (!isDone && use == ConnectionUse.WORK) {
        forgetArrivals(); // a claim in it may have moved them over jobs that nobody has now
      }
    }
    tell(done.news);
    if (isInDoubt) {
      doubt.isOver(doubts);
    }
    return done.answer;
  }

  private <T> Done<T> statements(Connection connection, Work<T> work, boolean isInDoubt)
      throws SQLException {
    if (isInDoubt) { // it arose a moment ago
      return transaction(connection, ConnectionUse.CALLERS, work, true);
    }
    Session session =
        new Session(connection, id -> id, errors::meaning, PostgresDatabase::refuseUnconfirmed);
    return run(session, work);
  }

  private <T> Done<T> transaction(
      Connection connection, ConnectionUse use, Work<T> work, boolean isInDoubt)
      throws SQLException {
    connection.setAutoCommit(false);
    Session session = session(connection);
    Done<T> done;
    try {
      settle(session, use);
      if (isInDoubt) {
        session.sql(Doubt.MAKE_DURABLE).first(row -> row.text(1));
      }
      done = run(session, work);
    } catch (RuntimeException | Error failure) {
      rollBack(connection, failure);
      throw failure;
    }
    commit(connection);
    return done;
  }

  private <T> Done<T> run(Session session, Work<T> work) {
    News news = new News();
    T answer = work.run(session, clock.atMost(session), news);
    Arrivals.name(session, news);
    return new Done<>(answer, news);
  }

  private Session session(Connection connection) {
    return new Session(connection, id -> id, errors::meaning);
  }

  private void settle(Session session, ConnectionUse use) {
    if (pools.pooled()) {
      session.execute(use == ConnectionUse.WORK ? SETTINGS_OF_WORK : SETTINGS);
    }
  }

  private static void rollBack(Connection connection, Throwable because) {
    try {
      connection.rollback();
    } catch (SQLException lost) {
      because.addSuppressed(lost); // then the server rolls back by itself
    }
  }

  private static void commit(Connection connection) throws SQLException {
    connection.clearWarnings();
    connection.commit();
    SQLWarning warning = connection.getWarnings();
    if (warning != null) {
      refuseUnconfirmed(warning);
    }
  }

  /**
   * With synchronous replication a commit whose wait for the standby was cancelled succeeds with a
   * warning: it is there, but could be lost with this server. The warning is known by the routine
   * of the server that gives it, as its text is in any language.
   */
  private static void refuseUnconfirmed(SQLWarning first) {
    for (SQLWarning warning = first; warning != null; warning = warning.getNextWarning()) {
      if (warning instanceof PSQLWarning told
          && "SyncRepWaitForLSN".equals(told.getServerErrorMessage().getRoutine())) {
        throw new StoreUnavailableException(
            "the commit was not confirmed by the standby (%s): whether it lasts is unknown, repeat it"
                .formatted(PostgresErrors.firstLine(warning)),
            warning);
      }
    }
  }

  @Override
  public <T> T writeIn(Transaction transaction, Work<T> work) {
    return callers.run(transaction, work, notifications::tellAfter);
  }

  /** A row that another transaction needs as well must not be held until the caller's ends. */
  @Override
  public <T> T writeBeside(Transaction transaction, Work<T> work) {
    return write(ConnectionUse.CALLERS, work);
  }

  @Override
  public <T> T read(ConnectionUse use, Function<Session, T> query) {
    try (Connection connection = pools.take(use)) {
      connection.setAutoCommit(!pools.pooled());
      Session session = session(connection);
      settle(session, use);
      T answer = query.apply(session);
      if (pools.pooled()) {
        connection.commit();
      }
      return answer;
    } catch (SQLException failure) {
      throw doubt.after(errors.meaning(failure));
    } catch (StoreUnavailableException away) {
      throw doubt.after(away);
    }
  }

  @Override
  public long now() {
    return clock.atLeast().orElseGet(() -> read(ConnectionUse.CALLERS, clock::atLeast));
  }

  @Override
  public Subscription listen(Consumer<Signal> listener) {
    listeners.add(listener);
    if (!pools.pooled()) {
      lifeline.start();
    }
    return () -> listeners.remove(listener);
  }

  @Override
  public QueueStatus.Database describe() {
    return read(ConnectionUse.CALLERS, observation::describe);
  }

  @Override
  public List<Finding> examine() {
    return read(ConnectionUse.CALLERS, observation::examine);
  }

  @Override
  public Upkeep upkeep() {
    return new PostgresUpkeep(this, pools.pooled());
  }

  @Override
  public void close() {
    lifeline.close();
    notifications.close();
    secondHand.close();
    pools.close();
  }
}
