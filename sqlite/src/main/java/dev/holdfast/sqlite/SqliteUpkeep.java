package dev.holdfast.sqlite;

import dev.holdfast.ConflictException;
import dev.holdfast.InvalidRequestException;
import dev.holdfast.StorageException;
import dev.holdfast.jdbc.host.PrivateFiles;
import dev.holdfast.jdbc.store.Session;
import dev.holdfast.jdbc.store.Sql;
import dev.holdfast.spi.Upkeep;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The upkeep of a file. Each call has a connection of its own, so no job waits for it in this
 * process.
 */
final class SqliteUpkeep implements Upkeep {
  private static final String ENDING = ".db";
  private static final Map<Checkpoint, Sql> CHECKPOINTS = checkpoints();

  /** Limits the analysis to this many rows of each index, regardless of the size of the table. */
  private static final Sql ANALYSIS_LIMIT = Sql.of("pragma analysis_limit = 1000");

  private static final Sql ANALYZE = Sql.of("analyze");
  private static final Sql VACUUM = Sql.of("vacuum");
  private static final Sql TRUNCATE = Sql.of("pragma wal_checkpoint(truncate)");
  private static final Sql COPY = Sql.of("vacuum into :copy");
  private static final Sql QUICK_CHECK = Sql.of("pragma quick_check(1)");

  private final DatabaseFile file;
  private final Connections connections;

  SqliteUpkeep(DatabaseFile file, Connections connections) {
    this.file = file;
    this.connections = connections;
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
    try (Session session = connections.openForUpkeep()) {
      return session
          .sql(sql)
          .first(row -> new Checkpointed(row.number(1) == 0, row.number(2), row.number(3)))
          .orElseThrow();
    }
  }

  @Override
  public void analyze() {
    try (Session session = connections.openForUpkeep()) {
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
    try (Session session = connections.openForUpkeep()) {
      session.execute(VACUUM);
      session.sql(TRUNCATE).first(row -> row.number(1));
    }
    return new Vacuumed(before, bytes());
  }

  private long bytes() {
    return file.path().toFile().length();
  }

  @Override
  public Backup backup(BackupName name, Optional<Integer> keep) {
    if (keep.filter(most -> most < 1 || most > KEEP_MAX).isPresent()) {
      throw new InvalidRequestException(
          "cannot keep %d backups: expected 1 to %d".formatted(keep.get(), KEEP_MAX));
    }
    Path folder = file.sideFolder().resolve("backups");
    Path backup = folder.resolve(name + ENDING);
    try {
      PrivateFiles.createFolder(folder);
      refuseTaken(backup, name);
      Path copy = Files.createFile(copyOf(folder, name), PrivateFiles.fileMode());
      try {
        make(copy);
        refuseTaken(backup, name);
        Files.move(copy, backup, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(copy);
      }
      sync(folder);
      List<BackupName> removed = keep.isEmpty() ? List.of() : retain(folder, backup, keep.get());
      return new Backup(name, backup, Files.size(backup), removed);
    } catch (IOException failure) {
      throw new StorageException(
          "the backup '%s' could not be written: %s".formatted(backup, failure.getMessage()),
          failure);
    }
  }

  private static Path copyOf(Path folder, BackupName name) {
    return folder.resolve("%s.%s.part".formatted(name, UUID.randomUUID()));
  }

  private static void refuseTaken(Path backup, BackupName name) {
    if (Files.exists(backup)) {
      throw new ConflictException(
          "backup '%s' already exists: choose another name".formatted(name));
    }
  }

  /** Makes the copy durable, which SQLite leaves to its caller. */
  private void make(Path copy) throws IOException {
    try (Session session = connections.openForUpkeep()) {
      session.sql(COPY).set("copy", copy.toString()).execute();
    }
    try (Session session = connections.openCopy(copy)) {
      String answer = session.sql(QUICK_CHECK).first(row -> row.text(1)).orElse("no answer");
      if (!answer.equals("ok")) {
        throw new StorageException(
            "the backup is damaged and was removed: %s; run 'holdfast doctor'"
                .formatted(answer.replaceAll("\\s+", " ")));
      }
    }
    try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  /** Flushes a folder. Not all systems can open folders; there nothing more can be done. */
  private static void sync(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException noFolders) {
      return;
    }
  }

  private static List<BackupName> retain(Path folder, Path newest, int keep) throws IOException {
    List<Aged> others = new ArrayList<>();
    try (DirectoryStream<Path> backups = Files.newDirectoryStream(folder, "*" + ENDING)) {
      for (Path backup : backups) {
        Optional<BackupName> name = nameOf(backup);
        if (name.isPresent() && !backup.equals(newest)) {
          others.add(new Aged(name.get(), backup, Files.getLastModifiedTime(backup)));
        }
      }
    }
    others.sort(Comparator.comparing(Aged::at).reversed());
    List<BackupName> removed = new ArrayList<>();
    for (Aged old : others.subList(Math.min(keep - 1, others.size()), others.size())) {
      Files.deleteIfExists(old.backup());
      removed.add(old.name());
    }
    return removed;
  }

  /** Returns the name of a backup; empty for files of others. */
  private static Optional<BackupName> nameOf(Path backup) {
    String file = backup.getFileName().toString();
    return BackupName.find(file.substring(0, file.length() - ENDING.length()));
  }

  private record Aged(BackupName name, Path backup, FileTime at) {}
}
