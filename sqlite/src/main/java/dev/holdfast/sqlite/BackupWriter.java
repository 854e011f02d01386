package dev.holdfast.sqlite;

import dev.holdfast.error.ConflictException;
import dev.holdfast.error.StorageException;
import dev.holdfast.jdbc.host.PrivateFiles;
import dev.holdfast.jdbc.sql.ConnectionSession;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.Upkeep.Backup;
import dev.holdfast.spi.Upkeep.BackupName;
import dev.holdfast.spi.Upkeep.BackupProgress;
import dev.holdfast.spi.Upkeep.BackupRequest;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.sqlite.ProgressHandler;

/**
 * Makes a backup. The copy grows under a name that ends with {@code .part}; it is checked and
 * flushed, its checksum is written next to it, and only then it gets its own name. So a file with
 * the name of a backup is whole, whenever the process dies.
 *
 * <p>The copy is one read of the database, so writers do not wait for it.
 */
final class BackupWriter {
  private static final String PART = ".part";
  private static final Pattern UNIQUE = Pattern.compile("\\.[0-9a-f-]{36}\\.part(-journal)?");

  /** About every millisecond. */
  private static final int STEPS_PER_REPORT = 100_000;

  private static final Sql COPY = Sql.of("vacuum into :copy");
  private static final Sql QUICK_CHECK = Sql.of("pragma quick_check(1)");

  private static final Sql BYTES =
      Sql.of(
          """
          select (p.page_count - f.freelist_count) * s.page_size
            from pragma_page_count() p, pragma_freelist_count() f, pragma_page_size() s
          """);

  private final BackupFolder folder;
  private final Connections connections;

  BackupWriter(BackupFolder folder, Connections connections) {
    this.folder = folder;
    this.connections = connections;
  }

  Backup write(BackupRequest request) {
    Path backup =
        request.to().map(Path::toAbsolutePath).orElseGet(() -> folder.pathOf(request.name()));
    try {
      if (request.to().isEmpty()) {
        folder.create();
      }
      try (BackupFolder.Held lock = folder.lock()) {
        return writeAlone(request, backup);
      }
    } catch (FileAlreadyExistsException taken) {
      throw taken(backup);
    } catch (IOException failure) {
      throw new StorageException(
          "the backup '%s' could not be written: %s".formatted(backup, reason(failure)), failure);
    }
  }

  private static String reason(IOException failure) {
    return "%s (%s)".formatted(failure.getMessage(), failure.getClass().getSimpleName());
  }

  private Backup writeAlone(BackupRequest request, Path backup) throws IOException {
    removeLeftovers(backup, request.to().isEmpty());
    if (Files.exists(backup)) {
      throw taken(backup);
    }
    Path copy =
        Files.createFile(
            backup.resolveSibling(
                "%s.%s%s".formatted(backup.getFileName(), UUID.randomUUID(), PART)),
            PrivateFiles.fileMode());
    String checksum;
    try {
      copy(copy, request.progress());
      check(copy);
      DurableFiles.sync(copy);
      checksum = Checksum.of(copy);
      Checksum.write(backup, checksum);
      DurableFiles.name(copy, backup);
    } finally {
      Files.deleteIfExists(copy);
    }
    DurableFiles.syncFolderOf(backup);
    List<BackupName> removed =
        request.keep().isEmpty() ? List.of() : folder.retain(backup, request.keep().get());
    String name = request.to().isEmpty() ? request.name().text() : backup.getFileName().toString();
    return new Backup(name, backup, Files.size(backup), checksum, removed);
  }

  private static ConflictException taken(Path backup) {
    return new ConflictException(
        "'%s' already exists, and a backup never replaces a file: choose another name"
            .formatted(backup));
  }

  /**
   * Removes what backups of processes that died have left: while the lock is held, nobody writes
   * them. Outside of the folder of backups only files for the same name are its own.
   */
  private static void removeLeftovers(Path backup, boolean isInFolder) throws IOException {
    Path parent = backup.resolveSibling("");
    String own = backup.getFileName().toString();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(parent, "*" + PART + "*")) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        String stem = UNIQUE.matcher(name).replaceFirst("");
        if (!stem.equals(name) && (isInFolder || stem.equals(own))) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  private void copy(Path copy, BackupProgress progress) {
    try (ConnectionSession session = connections.openForUpkeep()) {
      if (progress != BackupProgress.NONE) {
        reportTo(progress, session, copy);
      }
      session.sql(COPY).set("copy", copy.toString()).execute();
    }
  }

  private static void reportTo(BackupProgress progress, Session session, Path copy) {
    long expected = session.sql(BYTES).number();
    ProgressHandler handler =
        new ProgressHandler() {
          @Override
          protected int progress() {
            progress.report(copy.toFile().length(), expected); // only looks at the folder's entry
            return 0;
          }
        };
    try {
      ProgressHandler.setHandler(session.connection(), STEPS_PER_REPORT, handler);
    } catch (SQLException unsupported) {
      return; // then nothing is reported
    }
  }

  private static void check(Path copy) {
    try (ConnectionSession session = Connections.openCopy(copy)) {
      String answer = session.sql(QUICK_CHECK).first(row -> row.text(1)).orElse("no answer");
      if (!answer.equals("ok")) {
        throw new StorageException(
            "the backup is damaged and was removed: %s; run 'holdfast doctor'"
                .formatted(answer.replaceAll("\\s+", " ")));
      }
    }
  }
}
