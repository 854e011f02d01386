package dev.holdfast.postgres;

import dev.holdfast.jdbc.dialect.ConnectionUse;
import dev.holdfast.jdbc.dialect.PostCommitSignals;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * Detects the commits of callers' own transactions, which the driver does not report: it polls
 * PostgreSQL, soon at first and then less and less often.
 */
final class CommitWatch {
  private static final Duration INTERVAL_MIN = Duration.ofMillis(2);
  private static final Duration INTERVAL_MAX = Duration.ofMillis(500);
  private static final Duration FOREVER = Duration.ofHours(1);
  private static final int OPEN_MAX = 10_000; // beyond that polling finds the work

  private static final String STATUS =
      "select x, pg_xact_status(x::text::xid8) from unnest(?::bigint[]) as open (x)";

  private static final String IN_THE_FUTURE = "22023"; // invalid_parameter_value

  private static final String IN_PROGRESS = "in progress";
  private static final String COMMITTED = "committed";

  private final Pools pools;
  private final Consumer<PostCommitSignals> onCommit;
  private final ConcurrentLinkedQueue<OpenTransaction> fresh = new ConcurrentLinkedQueue<>();
  private final List<OpenTransaction> open =
      new ArrayList<>(); // used by the polling thread only, like those below
  private Duration interval = INTERVAL_MIN;

  CommitWatch(Pools pools, Consumer<PostCommitSignals> onCommit) {
    this.pools = pools;
    this.onCommit = onCommit;
  }

  void add(OpenTransaction transaction) {
    fresh.add(transaction);
  }

  /** Polls once. @return the delay to the next poll */
  Duration look() throws SQLException {
    for (OpenTransaction next; (next = fresh.poll()) != null; ) {
      interval = INTERVAL_MIN;
      if (open.size() < OPEN_MAX) {
        open.add(next);
      }
    }
    if (open.isEmpty()) {
      return FOREVER;
    }
    Map<Long, String> states = ask();
    List<OpenTransaction> ended = new ArrayList<>(open);
    ended.removeIf(transaction -> IN_PROGRESS.equals(states.get(transaction.id())));
    open.removeAll(ended);
    ended.stream()
        .filter(transaction -> COMMITTED.equals(states.get(transaction.id())))
        .forEach(transaction -> onCommit.accept(transaction.postCommit()));
    Duration now = interval;
    Duration next = interval.multipliedBy(2);
    interval = next.compareTo(INTERVAL_MAX) < 0 ? next : INTERVAL_MAX;
    return open.isEmpty() ? FOREVER : now;
  }

  private Map<Long, String> ask() throws SQLException {
    Long[] ids = open.stream().map(OpenTransaction::id).distinct().toArray(Long[]::new);
    try {
      return pools.lend(ConnectionUse.CALLERS, connection -> ask(connection, ids));
    } catch (SQLException failure) {
      if (!IN_THE_FUTURE.equals(failure.getSQLState())) {
        throw failure;
      }
      return Map.of(); // the ids are of a failed server; the new primary has not reached them yet
    }
  }

  private static Map<Long, String> ask(Connection connection, Long[] ids) throws SQLException {
    Map<Long, String> states = new HashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(STATUS)) {
      statement.setArray(1, connection.createArrayOf("int8", ids));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          states.put(rows.getLong(1), Optional.ofNullable(rows.getString(2)).orElse(""));
        }
      }
    }
    return states;
  }
}
