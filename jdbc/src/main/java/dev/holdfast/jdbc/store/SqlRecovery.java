package dev.holdfast.jdbc.store;

import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.RecoveryRecord;
import dev.holdfast.RecoveryRecord.Jobs;
import dev.holdfast.jdbc.dialect.ConnectionUse;
import dev.holdfast.jdbc.dialect.Database;
import dev.holdfast.jdbc.dialect.Dialect;
import dev.holdfast.jdbc.dialect.Liveness;
import dev.holdfast.jdbc.server.Deliveries;
import dev.holdfast.jdbc.sql.Halving;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.spi.Death;
import dev.holdfast.spi.Lapse;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.Orphan;
import dev.holdfast.spi.RecoveryStore;
import dev.holdfast.spi.Rescue;
import dev.holdfast.spi.RunningJob;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Recovery over JDBC. */
final class SqlRecovery implements RecoveryStore {
  private final Database database;
  private final Dialect dialect;
  private final Liveness liveness;
  private final Endings endings;
  private volatile boolean watchesEarlierNodes; // those that registered before this store was open

  SqlRecovery(Database database, Dialect dialect, Liveness liveness, Endings endings) {
    this.database = database;
    this.dialect = dialect;
    this.liveness = liveness;
    this.endings = endings;
  }

  @Override
  public void deregister(Death death) {
    boolean deregistered =
        database.write(
            ConnectionUse.RECOVERY,
            tx -> {
              boolean still = dialect.holdFree(tx, death.node()) && Nodes.isStill(tx, death);
              if (still && Nodes.deregister(tx, death.node())) {
                Deliveries.tellOfLost(tx, death);
                RecoveryRows.add(tx, death, Jobs.NONE, "");
              }
              return still;
            });
    if (deregistered) {
      liveness.deregister(death.node());
    }
  }

  @Override
  public List<Death> deaths() {
    if (!watchesEarlierNodes) {
      database.read(ConnectionUse.RECOVERY, Nodes::ofKnownProcesses).forEach(liveness::watch);
      watchesEarlierNodes = true;
    }
    return liveness.deaths();
  }

  @Override
  public List<Orphan> orphans(Collection<Death> deaths, Optional<JobId> after, int limit) {
    return database.read(
        ConnectionUse.RECOVERY, session -> Nodes.orphans(session, deaths, after, limit, liveness));
  }

  @Override
  public List<Orphan> strays(Optional<JobId> after, int limit) {
    return database.read(ConnectionUse.RECOVERY, session -> Nodes.strays(session, after, limit));
  }

  @Override
  public List<Lease> rescue(List<Rescue> rescues, String by) {
    return Halving.run(rescues, some -> rescued(some, by), some -> List.<Lease>of()).stream()
        .flatMap(List::stream)
        .toList();
  }

  private List<Lease> rescued(List<Rescue> rescues, String by) {
    return database.write(ConnectionUse.RECOVERY, tx -> endings.byOther(tx, rescues, by));
  }

  @Override
  public List<RecoveryRecord> recoveries(Optional<Long> before, int limit) {
    return database.read(
        ConnectionUse.CALLERS, session -> RecoveryRows.newest(session, before, limit));
  }

  @Override
  public List<Lapse> lapses(Optional<Lease> after, int limit) {
    return database.read(ConnectionUse.WORK, session -> Lapses.open(session, after, limit));
  }

  @Override
  public List<Lapse> settle(List<Lapse> lapses) {
    return database.write(
        ConnectionUse.WORK,
        tx -> {
          Set<JobId> free =
              dialect.holdFree(tx, lapses.stream().map(lapse -> lapse.lease().job()).toList());
          return Lapses.settle(
              tx, lapses.stream().filter(lapse -> free.contains(lapse.lease().job())).toList());
        });
  }

  @Override
  public List<RunningJob> running(Duration atLeast, JobFilter filter, int limit) {
    long now = database.now();
    JobFilter running = filter.states(Set.of()).at(Micros.toInstant(now));
    return database.read(
        ConnectionUse.CALLERS, session -> RunningJobs.find(session, atLeast, running, limit, now));
  }

  @Override
  public boolean hasUnsettled() {
    return database.hasUnsettled();
  }
}
