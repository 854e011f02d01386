package dev.holdfast.postgres;

import dev.holdfast.Finding;
import dev.holdfast.JobId;
import dev.holdfast.NodeId;
import dev.holdfast.QueueStatus;
import dev.holdfast.Transaction;
import dev.holdfast.jdbc.dialect.ConnectionUse;
import dev.holdfast.jdbc.dialect.Database;
import dev.holdfast.jdbc.dialect.Liveness;
import dev.holdfast.jdbc.dialect.PostCommitSignals;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.store.SqlJobStore;
import dev.holdfast.spi.Death;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.JobStore.Subscription;
import dev.holdfast.spi.NodeInfo;
import dev.holdfast.spi.Presence;
import dev.holdfast.spi.Signal;
import dev.holdfast.spi.StoreProvider.Surroundings;
import dev.holdfast.spi.TimeSource;
import dev.holdfast.spi.Upkeep;
import dev.holdfast.testkit.WorldStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A PostgreSQL database shared by the processes of a world. All statements are the real ones, and
 * each process has low-water marks of its own. What runs in real time by itself has another in its
 * place: others are signalled at the commit instead of by a notification, and the lives of
 * processes are known here, as the world's processes hold no locks.
 */
final class PostgresWorldStore implements WorldStore {
  private static final NodeInfo SELF =
      new NodeInfo(new NodeId(new UUID(0, 1)), "any", "host", 1, 1, "boot", "", "test");

  private final PostgresAddress address;
  private final Pools pools;
  private final TimeSource time;
  private final List<Handle> handles = new ArrayList<>();
  private final Map<NodeId, Life> lives = new HashMap<>();

  /**
   * @param pools of the database, which must be empty; pooled, as then nothing runs by itself
   */
  PostgresWorldStore(PostgresAddress address, Pools pools, TimeSource time) {
    this.address = address;
    this.pools = pools;
    this.time = time;
  }

  @Override
  public JobStore open() {
    Marks marks = new Marks(time);
    BusyLanes lanes = new BusyLanes(marks, time);
    Surroundings surroundings = new Surroundings(time, Thread::new, SELF); // none is started
    PostgresDatabase database =
        new PostgresDatabase(
            address,
            pools,
            new MovedClock(time),
            marks,
            lanes,
            "none",
            new ServerLife("0/1", false),
            surroundings);
    Handle handle = new Handle(database, marks, lanes);
    handles.add(handle);
    return new SqlJobStore(
        handle, new PostgresDialect(marks, lanes, new MovedClock(time)), new Lives());
  }

  @Override
  public void kill(NodeId node) {
    Optional.ofNullable(lives.get(node)).ifPresent(Life::die);
  }

  @Override
  public int openThings() {
    return handles.stream().mapToInt(handle -> handle.listeners.size()).sum()
        + (int) lives.values().stream().filter(life -> life.isPresent).count();
  }

  @Override
  public void close() {}

  /** One process's way to the database. */
  private final class Handle implements Database {
    private final PostgresDatabase behind;
    private final Marks marks;
    private final BusyLanes lanes;
    private final List<Consumer<Signal>> listeners = new ArrayList<>();

    private Handle(PostgresDatabase behind, Marks marks, BusyLanes lanes) {
      this.behind = behind;
      this.marks = marks;
      this.lanes = lanes;
    }

    @Override
    public <T> T write(ConnectionUse use, Work<T> work) {
      List<PostCommitSignals> all = new ArrayList<>();
      T answer =
          behind.write(
              use,
              tx -> {
                all.clear();
                all.add(tx.postCommit());
                return work.run(tx);
              });
      all.forEach(this::tell);
      return answer;
    }

    private void tell(PostCommitSignals postCommit) {
      handles.stream()
          .filter(handle -> handle != this)
          .forEach(
              handle -> {
                handle.marks.arrived(postCommit.arrivals());
                handle.lanes.arrived(postCommit.arrivals());
              });
      List<Consumer<Signal>> told = handles.stream().flatMap(h -> h.listeners.stream()).toList();
      postCommit.signals().forEach(signal -> told.forEach(listener -> listener.accept(signal)));
    }

    @Override
    public <T> T writeIn(Transaction transaction, Work<T> work) {
      throw new UnsupportedOperationException("callers' transactions run in real time");
    }

    @Override
    public <T> T read(ConnectionUse use, Function<Session, T> query) {
      return behind.read(use, query);
    }

    @Override
    public long now() {
      return behind.now();
    }

    @Override
    public Subscription listen(Consumer<Signal> listener) {
      listeners.add(listener);
      return () -> listeners.remove(listener);
    }

    @Override
    public QueueStatus.Database describe() {
      return behind.describe();
    }

    @Override
    public List<Finding> examine() {
      return behind.examine();
    }

    @Override
    public Upkeep upkeep() {
      return behind.upkeep();
    }

    @Override
    public void close() {
      listeners.clear();
      handles.remove(this);
    }
  }

  /** The presence of a node's process; the slots of a dead one keep their jobs. */
  private static final class Life implements Presence {
    private final Map<Integer, JobId> slots = new HashMap<>();
    private boolean isPresent = true;
    private boolean hasDied;

    void die() {
      hasDied = isPresent;
      isPresent = false;
    }

    @Override
    public void begins(int slot, JobId job) {
      if (!hasDied) {
        slots.put(slot, job);
      }
    }

    @Override
    public void ends(int slot) {
      if (!hasDied) {
        slots.remove(slot);
      }
    }

    @Override
    public void close() {
      isPresent = false;
    }
  }

  /** As with the files of nodes, a death that is not deregistered is found again. */
  private final class Lives implements Liveness {
    @Override
    public Presence announce(NodeInfo node) {
      Life life = new Life();
      lives.put(node.id(), life);
      return life;
    }

    @Override
    public void watch(NodeInfo node) {}

    @Override
    public List<Death> deaths() {
      return lives.entrySet().stream()
          .filter(life -> life.getValue().hasDied)
          .map(life -> Death.proven(life.getKey(), "its process is gone"))
          .toList();
    }

    @Override
    public Optional<Set<JobId>> begunBy(NodeId node) {
      return Optional.ofNullable(lives.get(node)).map(life -> new HashSet<>(life.slots.values()));
    }

    /** As with the files of nodes, the presence of a process that lives cannot be removed. */
    @Override
    public void deregister(NodeId node) {
      lives.computeIfPresent(node, (id, life) -> life.isPresent ? life : null);
    }
  }
}
