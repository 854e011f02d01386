package dev.holdfast.postgres;

import static java.util.Objects.requireNonNull;

import dev.holdfast.Finding;
import dev.holdfast.NodeId;
import dev.holdfast.QueueStatus;
import dev.holdfast.Transaction;
import dev.holdfast.error.BusyException;
import dev.holdfast.error.StoreUnavailableException;
import dev.holdfast.jdbc.dialect.ConnectionUse;
import dev.holdfast.jdbc.dialect.Database;
import dev.holdfast.jdbc.dialect.Place;
import dev.holdfast.jdbc.dialect.PostCommitSignals;
import dev.holdfast.jdbc.dialect.Tx;
import dev.holdfast.jdbc.sql.ConnectionSession;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.jdbc.sql.SqlErrors;
import dev.holdfast.postgres.PostgresErrors.LostRaceException;
import dev.holdfast.spi.JobStore.Subscription;
import dev.holdfast.spi.Signal;
import dev.holdfast.spi.StoreProvider.Surroundings;
import dev.holdfast.spi.Upkeep;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The transactions of a database, each on a connection kept for its use. One that loses a race is
 * repeated here. One whose connection is lost before its commit has not happened; one that is lost
 * at its commit may have happened, and the caller gets an exception that says so.
 */
final class PostgresDatabase implements Database {
  private static final int RACES_MAX = 5;

  /** Maximum duration of one statement of a caller's read. */
  static final Duration READ_MAX = Duration.ofSeconds(30);

  // The first statement of a transaction behind a pooler.
  private static final Map<ConnectionUse, Sql> SETTINGS = settings();

  private final Pools pools;
  private final StoreClock clock;
  private final PostgresErrors errors;
  private final Marks marks;
  private final BusyLanes lanes;
  private final Lifeline lifeline;
  private final Notifications notifications;
  private final CallersTransactions callers;
  private final PairedThread pairedThread;
  private final UnconfirmedCommit unconfirmedCommit;
  private final RecentJobs recent;
  private final Failovers failovers;
  private final Observation observation;
  private final GivenUpSessions givenUp;
  private final List<Consumer<Signal>> listeners = new CopyOnWriteArrayList<>();

  PostgresDatabase(
      PostgresAddress address,
      Pools pools,
      StoreClock clock,
      Marks marks,
      BusyLanes lanes,
      String identity,
      ServerLife server,
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
    this.pairedThread = new PairedThread(surroundings.threads());
    this.recent = new RecentJobs(surroundings.time());
    this.failovers = new Failovers(this, recent, server);
    this.unconfirmedCommit = new UnconfirmedCommit(pools, failovers);
    this.givenUp = new GivenUpSessions(this, pools.pooled(), surroundings.time());
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

  /** Passes on the notifications that the lifeline receives. */
  private final class Hearing implements Lifeline.Listener {
    @Override
    public void heard(String text) {
      Notification message = Notification.decode(text);
      if (!notifications.isOwn(message)) {
        arrived(message.arrivals());
        lookAgainIf(message.signals());
        message.signals().forEach(PostgresDatabase.this::tellListeners);
      }
    }

    @Override
    public void opened(ServerLife server) {
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
    lanes.arrived(arrivals);
  }

  /** Reads all lanes again if a queue was resumed, as its lanes were not read meanwhile. */
  private void lookAgainIf(Set<Signal> signals) {
    if (signals.contains(Signal.QUEUES)) {
      lanes.heads().lookAgain();
    }
  }

  private void forgetArrivals() {
    marks.forget();
    lanes.forget();
  }

  private void tell(PostCommitSignals postCommit) {
    recent.add(postCommit.written());
    if (!postCommit.signals().isEmpty()) {
      arrived(postCommit.arrivals());
      lookAgainIf(postCommit.signals());
      postCommit.signals().forEach(this::tellListeners);
      notifications.tell(postCommit);
    }
  }

  @Override
  public <T> T write(ConnectionUse use, Work<T> work) {
    Work<T> tried = work;
    while (true) {
      Work<T> now = tried;
      try {
        return repeated(
            () ->
                attempt(
                    use,
                    (session, isInDoubt, postCommit) ->
                        transaction(session, use, now, isInDoubt, postCommit)));
      } catch (BusyException held) {
        tried = now.ifBusy().orElseThrow(() -> held);
      }
    }
  }

  /** Runs statements that each commit, and report an unconfirmed commit themselves. */
  @Override
  public <T> T writeEach(ConnectionUse use, Work<T> work) {
    return pools.pooled() || unconfirmedCommit.exists()
        ? write(use, work)
        : repeated(
            () ->
                attempt(
                    use,
                    (session, isInDoubt, postCommit) ->
                        statements(session, work, isInDoubt, postCommit)));
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
    FutureTask<A> begun = pairedThread.begin(() -> write(use, one));
    B answer;
    try {
      answer = write(use, other);
    } catch (RuntimeException | Error failure) {
      awaitQuietly(begun, failure);
      throw failure;
    }
    return both.apply(PairedThread.result(begun), answer);
  }

  /** Waits for it, as later statements may use the same rows. */
  private static void awaitQuietly(FutureTask<?> begun, Throwable because) {
    try {
      PairedThread.result(begun);
    } catch (RuntimeException failedAsWell) {
      because.addSuppressed(failedAsWell);
    }
  }

  private interface Attempt<T> {
    T on(ConnectionSession session, boolean isInDoubt, PostCommitSignals postCommit)
        throws SQLException;
  }

  private <T> T attempt(ConnectionUse use, Attempt<T> attempt) {
    long doubts = unconfirmedCommit.now();
    boolean isInDoubt = unconfirmedCommit.exists();
    boolean isDone = false;
    PostCommitSignals postCommit = new PostCommitSignals();
    T answer;
    try {
      answer = onSession(use, errors, session -> attempt.on(session, isInDoubt, postCommit));
      isDone = true;
    } finally {
      if (!isDone) {
        takeBack(use, postCommit);
      }
    }
    tell(postCommit);
    if (isInDoubt) {
      unconfirmedCommit.isOver(doubts);
    }
    return answer;
  }

  /** Undoes its effects in memory, but announces its arrivals, as it may have been committed. */
  private void takeBack(ConnectionUse use, PostCommitSignals postCommit) {
    if (use == ConnectionUse.WORK) {
      marks.forget(); // a claim in it may have moved them past jobs that are free now
    }
    arrived(postCommit.arrivals());
    postCommit.failed();
  }

  /**
   * Work in a session.
   *
   * @param <T> its answer
   */
  private interface InSession<T> {
    T on(ConnectionSession session) throws SQLException;
  }

  /** Takes a connection for this use; one that has become a suspect is replaced. */
  private <T> T onSession(ConnectionUse use, SqlErrors meanings, InSession<T> what) {
    try (Connection connection = pools.take(use)) {
      ConnectionSession session =
          new ConnectionSession(connection, id -> id, meanings, Commits::refuseUnconfirmed);
      try {
        return what.on(session);
      } catch (SQLException failure) {
        throw session.meaning(failure);
      } catch (Error broken) {
        session.distrust();
        throw broken;
      } finally {
        if (!session.isSound()) {
          if (use == ConnectionUse.WORK) {
            givenUp.add(connection);
          }
          pools.discard(use, connection);
        }
      }
    } catch (SQLException failure) {
      throw unconfirmedCommit.after(errors.meaning(failure));
    } catch (StoreUnavailableException unknown) {
      throw unconfirmedCommit.after(unknown);
    }
  }

  private <T> T statements(
      ConnectionSession session, Work<T> work, boolean isInDoubt, PostCommitSignals postCommit)
      throws SQLException {
    if (isInDoubt) { // it arose a moment ago
      return transaction(session, ConnectionUse.CALLERS, work, true, postCommit);
    }
    session.connection().setAutoCommit(true);
    return run(session, work, postCommit);
  }

  private <T> T transaction(
      ConnectionSession session,
      ConnectionUse use,
      Work<T> work,
      boolean isInDoubt,
      PostCommitSignals postCommit)
      throws SQLException {
    session.connection().setAutoCommit(false);
    T answer;
    try {
      settle(session, use);
      if (isInDoubt) {
        session.sql(UnconfirmedCommit.MAKE_DURABLE).first(row -> row.text(1));
      }
      answer = run(session, work, postCommit);
    } catch (RuntimeException | Error failure) {
      Commits.rollBack(session, failure);
      throw failure;
    }
    Commits.commit(session.connection());
    return answer;
  }

  private <T> T run(Session session, Work<T> work, PostCommitSignals postCommit) {
    Tx tx = new Tx(session, clock.atMost(session), postCommit);
    T answer = work.run(tx);
    Arrivals.name(tx);
    return answer;
  }

  private static Map<ConnectionUse, Sql> settings() {
    Map<ConnectionUse, Sql> settings = new EnumMap<>(ConnectionUse.class);
    for (ConnectionUse use : ConnectionUse.values()) {
      settings.put(use, Sql.of(SessionSettings.forTransaction(use)));
    }
    return settings;
  }

  private void settle(Session session, ConnectionUse use) {
    if (pools.pooled()) {
      session.execute(requireNonNull(SETTINGS.get(use)));
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
    return read(use, query, use == ConnectionUse.CALLERS ? READ_MAX : Duration.ZERO);
  }

  /** Reads with a limit for each statement; zero for none. */
  <T> T read(ConnectionUse use, Function<Session, T> query, Duration longest) {
    return onSession(
        use,
        errors.forReads(longest),
        session -> {
          session.limitStatements(longest);
          session.connection().setAutoCommit(!pools.pooled());
          settle(session, use);
          T answer = CancellableReads.run(session, query);
          if (pools.pooled()) {
            session.connection().commit();
          }
          return answer;
        });
  }

  @Override
  public boolean hasUnsettled() {
    return givenUp.exist();
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
    pairedThread.close();
    pools.close();
  }
}
