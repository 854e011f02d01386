package dev.holdfast.jdbc.store;

import dev.holdfast.Finding;
import dev.holdfast.QueueStatus;
import dev.holdfast.error.ConflictException;
import dev.holdfast.jdbc.dialect.ConnectionUse;
import dev.holdfast.jdbc.dialect.Database;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.Upkeep;
import dev.holdfast.spi.upkeep.DatabaseStats;
import dev.holdfast.spi.upkeep.Optimized;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The upkeep of a dialect, with what concerns the queue in it: a rebuild is refused while the queue
 * is in use, and the statistics have its jobs.
 */
final class SqlUpkeep implements Upkeep {
  private static final Sql RUNNING =
      Sql.of(
          "select count(*) from (select 1 from jobs where state = 'RUNNING' limit 1000) as held");

  private final Database database;
  private final Upkeep dialect;

  SqlUpkeep(Database database) {
    this.database = database;
    this.dialect = database.upkeep();
  }

  @Override
  public Checkpointed checkpoint(Checkpoint how) {
    return dialect.checkpoint(how);
  }

  @Override
  public void analyze() {
    dialect.analyze();
  }

  @Override
  public Vacuumed vacuum() {
    return dialect.vacuum();
  }

  @Override
  public Optimized optimize() {
    return dialect.optimize();
  }

  @Override
  public Optimized rebuild() {
    long now = database.now();
    long needed = bytesToRebuild();
    database.<Boolean>read(
        ConnectionUse.CALLERS,
        session -> {
          refuseWhileInUse(session, now, needed);
          return true;
        });
    return dialect.rebuild();
  }

  private static void refuseWhileInUse(Session session, long now, long needed) {
    String living =
        NodeRows.living(session, now).stream()
            .filter(QueueStatus.Node::alive)
            .map(
                node ->
                    "'%s' (process %d on %s)".formatted(node.name(), node.processId(), node.host()))
            .collect(Collectors.joining(", "));
    if (!living.isEmpty()) {
      throw new ConflictException(
          ("a full optimization requires that no node is alive, and these are: %s; stop them and"
                  + " repeat, with about %,d bytes of free space")
              .formatted(living, needed));
    }
    long running = session.sql(RUNNING).number();
    if (running > 0) {
      throw new ConflictException(
          ("a full optimization requires that no job is RUNNING, and at least %,d are: recover"
                  + " those of dead nodes with 'holdfast maintain leases' and repeat, with about %,d"
                  + " bytes of free space")
              .formatted(running, needed));
    }
  }

  @Override
  public long bytesToRebuild() {
    return dialect.bytesToRebuild();
  }

  @Override
  public DatabaseStats stats() {
    long now = database.now();
    DatabaseStats stats = dialect.stats();
    JobFigures figures =
        database.read(ConnectionUse.CALLERS, session -> JobFigures.read(session, now));
    return stats.jobs(figures.jobs(), figures.notes());
  }

  @Override
  public List<Finding> verify() {
    return dialect.verify();
  }

  @Override
  public Backup backup(BackupRequest request) {
    return dialect.backup(request);
  }

  @Override
  public List<StoredBackup> backups() {
    return dialect.backups();
  }
}
