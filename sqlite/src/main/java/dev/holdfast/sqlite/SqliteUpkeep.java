package dev.holdfast.sqlite;

import dev.holdfast.Finding;
import dev.holdfast.jdbc.sql.ConnectionSession;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.TimeSource;
import dev.holdfast.spi.Upkeep;
import dev.holdfast.spi.upkeep.DatabaseStats;
import dev.holdfast.spi.upkeep.Optimized;
import java.io.File;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The upkeep of a file. Each call has a connection of its own, so no job waits for it in this
 * process.
 */
final class SqliteUpkeep implements Upkeep {
  private static final Map<Checkpoint, Sql> CHECKPOINTS = checkpoints();

  /** Limits the analysis to this many rows of each index, regardless of the size of the table. */
  private static final Sql ANALYSIS_LIMIT = Sql.of("pragma analysis_limit = 1000");

  private static final Sql ANALYZE = Sql.of("analyze");
  private static final Sql TRUNCATE = Sql.of("pragma wal_checkpoint(truncate)");

  private final DatabaseFile file;
  private final Connections connections;
  private final BackupFolder folder;
  private final FileOptimization optimization;

  SqliteUpkeep(DatabaseFile file, Connections connections, TimeSource time) {
    this.file = file;
    this.connections = connections;
    this.folder = new BackupFolder(file.sideFolder());
    this.optimization = new FileOptimization(file, connections, time);
  }

  private static Map<Checkpoint, Sql> checkpoints() {
    Map<Checkpoint, Sql> checkpoints = new EnumMap<>(Checkpoint.class);
    for (Checkpoint how : Checkpoint.values()) {
      checkpoints.put(how, Sql.of("pragma wal_checkpoint(%s)".formatted(how)));
    }
    return checkpoints;
  }

  @Override
  public Checkpointed checkpoint(Checkpoint how) {
    Sql sql = CHECKPOINTS.getOrDefault(how, TRUNCATE);
    try (ConnectionSession session = connections.openForUpkeep()) {
      return session
          .sql(sql)
          .first(row -> new Checkpointed(row.number(1) == 0, row.number(2), row.number(3)))
          .orElseThrow();
    }
  }

  @Override
  public void analyze() {
    try (ConnectionSession session = connections.openForUpkeep()) {
      session.sql(ANALYSIS_LIMIT).first(row -> row.number(1));
      session.execute(ANALYZE);
    }
  }

  /**
   * Vacuums the file. The pages go through the log, so the file shrinks only after a checkpoint.
   */
  @Override
  public Vacuumed vacuum() {
    long before = bytes();
    try (ConnectionSession session = connections.openForUpkeep()) {
      FileOptimization.vacuum(session, false);
    }
    return new Vacuumed(before, bytes());
  }

  private long bytes() {
    return file.path().toFile().length();
  }

  @Override
  public Optimized optimize() {
    return optimization.inSteps();
  }

  @Override
  public Optimized rebuild() {
    return optimization.whole();
  }

  @Override
  public long bytesToRebuild() {
    try (ConnectionSession session = connections.openReader()) {
      return FileOptimization.bytesToRebuild(FileOptimization.space(session));
    }
  }

  @Override
  public DatabaseStats stats() {
    long logBytes = new File(file.path() + "-wal").length();
    try (ConnectionSession session = connections.openReader()) {
      return new FileStats(session, FileStats.WHOLE_PAGES_MAX).read(logBytes);
    }
  }

  @Override
  public List<Finding> verify() {
    try (ConnectionSession session = connections.openReader()) {
      return FileVerification.run(session);
    }
  }

  @Override
  public Backup backup(BackupRequest request) {
    return new BackupWriter(folder, connections).write(request);
  }

  @Override
  public List<StoredBackup> backups() {
    return folder.list();
  }
}
