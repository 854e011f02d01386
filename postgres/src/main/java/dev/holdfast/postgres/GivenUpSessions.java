package dev.holdfast.postgres;

import dev.holdfast.jdbc.dialect.ConnectionUse;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.TimeSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;

/**
 * Sessions whose connections were abandoned during a transaction. The server may still be
 * committing there, while a standby or its disk is slow. Behind a pooler the session cannot be
 * identified, so a minute is waited instead.
 */
final class GivenUpSessions {
  private static final Duration POOLED_PATIENCE = Duration.ofMinutes(1);
  private static final int KNOWN_MAX = 1_000; // beyond that the check once a minute finds the rest
  private static final String NOT_SEEN = "";

  /**
   * Selects those of these processes that are in a transaction, with their start, which
   * distinguishes reused process ids.
   */
  private static final Sql BUSY =
      Sql.of(
          """
          select pid, backend_start::text from pg_stat_activity
           where pid::text = any(:pids) and xact_start is not null and datname = current_database()
          """);

  private final PostgresDatabase database;
  private final boolean isPooled;
  private final TimeSource time;

  /** Start times of sessions by process id, as first seen. */
  private final Map<Integer, String> sessions = new ConcurrentHashMap<>();

  private volatile long pooledUntilTicks;

  GivenUpSessions(PostgresDatabase database, boolean isPooled, TimeSource time) {
    this.database = database;
    this.isPooled = isPooled;
    this.time = time;
    this.pooledUntilTicks = time.ticks();
  }

  void add(Connection connection) {
    if (isPooled) {
      pooledUntilTicks = time.ticks() + POOLED_PATIENCE.toNanos();
      return;
    }
    if (sessions.size() >= KNOWN_MAX) {
      return;
    }
    try {
      sessions.put(connection.unwrap(PGConnection.class).getBackendPID(), NOT_SEEN);
    } catch (SQLException closed) {
      // it was no session yet, or it is known to have ended
    }
  }

  /** Returns whether one of them is still in its transaction. */
  boolean exist() {
    if (isPooled) {
      return time.ticks() - pooledUntilTicks < 0;
    }
    if (sessions.isEmpty()) {
      return false;
    }
    Map<Integer, String> asked = Map.copyOf(sessions);
    Map<Integer, String> busy =
        database.read(ConnectionUse.WORK, session -> busy(session, asked.keySet()));
    asked.forEach((pid, start) -> look(pid, start, Optional.ofNullable(busy.get(pid))));
    return !sessions.isEmpty();
  }

  /** Checks a process id, which may have been given to another session since. */
  private void look(int pid, String knownStart, Optional<String> start) {
    boolean isBusy = start.filter(now -> List.of(NOT_SEEN, now).contains(knownStart)).isPresent();
    if (isBusy) {
      sessions.replace(pid, knownStart, start.orElseThrow());
    } else {
      sessions.remove(pid, knownStart);
    }
  }

  private static Map<Integer, String> busy(Session session, Set<Integer> pids) {
    List<String> asked = pids.stream().map(String::valueOf).toList();
    return session
        .sql(BUSY)
        .set("pids", Columns.textArray(session, asked))
        .list(row -> Map.entry(row.count(1), row.text(2)))
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }
}
