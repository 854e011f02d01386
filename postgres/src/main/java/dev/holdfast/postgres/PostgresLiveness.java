package dev.holdfast.postgres;

import dev.holdfast.JobId;
import dev.holdfast.NodeId;
import dev.holdfast.jdbc.dialect.ConnectionUse;
import dev.holdfast.jdbc.dialect.Liveness;
import dev.holdfast.jdbc.host.NodeFiles;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.Death;
import dev.holdfast.spi.NodeInfo;
import dev.holdfast.spi.Presence;
import dev.holdfast.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Detects whether nodes are alive. On the same host by the lock of a file, as with SQLite: a free
 * lock means dead. On other machines by an advisory lock: if it is free, the connection is gone, so
 * the node has died or lost it; after a grace period to reconnect, that counts as death if its
 * heartbeats have stopped as well. After a restart of the server a lock means nothing until its
 * node has taken it again, and behind a pooler nothing at all: then the lease decides.
 */
final class PostgresLiveness implements Liveness {
  private static final String CAUSE =
      "its connection to the database is gone, and it did not return";

  /**
   * Tests locks with shared locks that end with the statement, so that observers do not block each
   * other. The life is that of the server that responds, which may differ from that of our own
   * lifeline.
   */
  private static final Sql UNLOCKED =
      Sql.of(
          """
          with this_server as materialized (select %s as life)
          select n.id, n.heartbeats
            from this_server t join node_sessions s on s.server = t.life join nodes n on n.id = s.node
           where n.ended_at is null and pg_try_advisory_xact_lock_shared(s.lock_key)
          """
              .formatted(ServerLife.LIFE));

  private static final Sql FORGET = Sql.of("delete from node_sessions where node = :id");

  private final PostgresDatabase database;
  private final Lifeline lifeline;
  private final NodeFiles files;
  private final TimeSource time;
  private final Duration grace;
  private volatile Map<NodeId, Loss> losses = Map.of();

  /** The time at which a node was first seen without its lock, and its heartbeats then. */
  private record Loss(long ticks, long heartbeats) {}

  private record Unlocked(NodeId node, long heartbeats) {}

  PostgresLiveness(
      PostgresDatabase database, NodeFiles files, TimeSource time, PostgresAddress address) {
    this.database = database;
    this.lifeline = database.lifeline();
    this.files = files;
    this.time = time;
    this.grace = address.grace();
  }

  @Override
  public Presence announce(NodeInfo node) {
    Presence file = files.announce(node);
    database.announce(node.id());
    return new Presence() {
      @Override
      public void begins(int slot, JobId job) {
        file.begins(slot, job);
      }

      @Override
      public void ends(int slot) {
        file.ends(slot);
      }

      @Override
      public void close() {
        lifeline.release(node.id());
        file.close();
      }
    };
  }

  @Override
  public void watch(NodeInfo node) {
    files.watch(node);
  }

  @Override
  public List<Death> deaths() {
    List<Death> deaths = new ArrayList<>(files.deaths());
    if (lifeline.isOpen()) {
      deaths.addAll(lost());
    }
    return deaths;
  }

  private List<Death> lost() {
    List<Unlocked> unlocked =
        database.read(
            ConnectionUse.RECOVERY,
            session ->
                session
                    .sql(UNLOCKED)
                    .list(row -> new Unlocked(new NodeId(row.id(1)), row.number(2))));
    return deathsAmong(unlocked);
  }

  private List<Death> deathsAmong(List<Unlocked> unlocked) {
    Map<NodeId, Loss> known = losses;
    Map<NodeId, Loss> seen = new HashMap<>();
    List<Death> deaths = new ArrayList<>();
    for (Unlocked node : unlocked) {
      if (lifeline.isOwn(node.node) || files.lives(node.node)) {
        continue;
      }
      Loss loss = known.get(node.node);
      if (loss == null || loss.heartbeats != node.heartbeats) {
        loss = new Loss(time.ticks(), node.heartbeats);
      }
      seen.put(node.node, loss);
      if (time.ticks() - loss.ticks >= grace.toNanos()) {
        deaths.add(Death.lapsed(node.node, CAUSE, node.heartbeats));
      }
    }
    losses = seen;
    return deaths;
  }

  @Override
  public Optional<Set<JobId>> begunBy(NodeId node) {
    return files.begunBy(node);
  }

  @Override
  public void deregister(NodeId node) {
    files.deregister(node);
    database.write(ConnectionUse.RECOVERY, tx -> tx.sql(FORGET).set("id", node).update());
  }
}
