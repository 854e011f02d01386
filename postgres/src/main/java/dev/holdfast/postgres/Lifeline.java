package dev.holdfast.postgres;

import dev.holdfast.NodeId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection that stays open as long as this process lives. It holds an advisory lock for each
 * node of this process, which is released the moment the process dies, on any machine; and it
 * receives notifications of other processes. When lost, it is reopened at once, and then with
 * pauses. Behind a pooler there is none.
 */
final class Lifeline implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Lifeline.class);
  private static final Duration SILENCE_MAX = Duration.ofSeconds(5);

  /** The maximum time that a new node waits for its lock, and closing waits for the thread. */
  private static final Duration TURN = Duration.ofMillis(20);

  private static final int TURNS_PER_LOOK = 100;
  private static final Duration PAUSE_MIN = Duration.ofMillis(50);
  private static final Duration PAUSE_MAX = Duration.ofSeconds(1);

  static final String CHANNEL = "holdfast";

  private static final String LOCK = "select pg_advisory_lock(?)";
  private static final String UNLOCK = "select pg_advisory_unlock(?)";

  private static final String TELL =
      """
      insert into holdfast.node_sessions (node, lock_key, server, since)
      values (?, ?, ?, (extract(epoch from clock_timestamp()) * 1000000)::bigint)
      on conflict (node) do update
         set lock_key = excluded.lock_key, server = excluded.server, since = excluded.since
      """;

  private static final String FORGET = "delete from holdfast.node_sessions where node = ?";

  /** Receives the events of a lifeline. */
  interface Listener {
    /** Called when another process sent a notification. */
    void heard(String text);

    /**
     * Called when the connection is open, for the first time or again; earlier notifications were
     * missed.
     */
    void opened(ServerLife server);
  }

  private final PostgresAddress address;
  private final Listener listener;
  private final StoreThread thread;
  private final List<NodeId> nodes = new CopyOnWriteArrayList<>();
  private final List<NodeId> held = new CopyOnWriteArrayList<>(); // written by the thread only
  private volatile boolean open;

  Lifeline(PostgresAddress address, ThreadFactory threads, Listener listener) {
    this.address = address;
    this.listener = listener;
    this.thread = new StoreThread(threads, this::live);
  }

  /** Opens the connection, unless that was done before. */
  void start() {
    thread.wake();
  }

  /** Makes a node visible as long as this process lives; takes effect within a moment. */
  void hold(NodeId node) {
    nodes.add(node);
    start();
  }

  /** Records that the node has ended regularly. */
  void release(NodeId node) {
    nodes.remove(node);
  }

  boolean isOwn(NodeId node) {
    return nodes.contains(node);
  }

  /** Returns whether the connection is open, as far as is known. */
  boolean isOpen() {
    return open;
  }

  /** Returns the lock key of a node; node ids are random enough to make collisions negligible. */
  static long lockKey(NodeId node) {
    return node.value().getMostSignificantBits() ^ node.value().getLeastSignificantBits();
  }

  private void live() {
    Duration pause = Duration.ZERO;
    while (!thread.isClosed()) {
      try (Connection connection = Pools.connectToListen(address, SILENCE_MAX)) {
        ServerLife met = open(connection);
        pause = Duration.ZERO;
        listener.opened(met);
        stayOpen(connection, met);
      } catch (SQLException | RuntimeException lost) {
        open = false;
        held.clear();
        pause = longer(pause);
        log.debug("The lifeline was lost; it will be reopened.", lost);
        thread.rest(pause);
      }
    }
  }

  private static Duration longer(Duration pause) {
    if (pause.isZero()) {
      return PAUSE_MIN;
    }
    Duration next = pause.multipliedBy(2);
    return next.compareTo(PAUSE_MAX) < 0 ? next : PAUSE_MAX;
  }

  private ServerLife open(Connection connection) throws SQLException {
    ServerLife met = ServerLife.behind(connection);
    try (Statement statement = connection.createStatement()) {
      statement.execute(SessionSettings.forLifeline());
      statement.execute("listen " + CHANNEL);
    }
    held.clear();
    holdAll(connection, met);
    open = true;
    return met;
  }

  private void stayOpen(Connection connection, ServerLife met) throws SQLException {
    PGConnection notifications = connection.unwrap(PGConnection.class);
    for (int turn = 1; !thread.isClosed(); turn++) {
      PGNotification[] heard = notifications.getNotifications((int) TURN.toMillis());
      for (PGNotification notification : heard == null ? new PGNotification[0] : heard) {
        listener.heard(notification.getParameter());
      }
      holdAll(connection, met);
      if (turn % TURNS_PER_LOOK == 0) {
        execute(connection, "select 1");
      }
    }
    for (NodeId node : held) {
      forget(connection, node);
    }
  }

  /** Takes the locks before announcing them, so that an announced lock is held. */
  private void holdAll(Connection connection, ServerLife met) throws SQLException {
    for (NodeId node : nodes) {
      if (!held.contains(node)) {
        execute(connection, LOCK, lockKey(node));
        execute(connection, TELL, node.value(), lockKey(node), met.life());
        held.add(node);
      }
    }
    for (NodeId node : List.copyOf(held)) {
      if (!nodes.contains(node)) {
        forget(connection, node);
        held.remove(node);
      }
    }
  }

  private static void forget(Connection connection, NodeId node) throws SQLException {
    execute(connection, FORGET, node.value());
    execute(connection, UNLOCK, lockKey(node));
  }

  private static void execute(Connection connection, String sql, Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      statement.execute();
    }
  }

  @Override
  public void close() {
    thread.close();
  }
}
