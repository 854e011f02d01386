package dev.holdfast.sqlite;

import dev.holdfast.error.BusyException;
import dev.holdfast.error.ConflictException;
import dev.holdfast.error.StorageException;
import dev.holdfast.jdbc.host.NodeFiles;
import dev.holdfast.jdbc.host.PrivateFiles;
import dev.holdfast.jdbc.sql.ConnectionSession;
import dev.holdfast.jdbc.sql.Sql;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The place where a restored queue is to stand, held against others from the first look until the
 * new file has its name.
 *
 * <p>An old database there is locked exclusively, which fails while any process has it open, and
 * left in one file without a log. Then it gets a second name, and the new file takes the first one
 * in a single step. So whenever the process dies, the place holds the whole old queue or the whole
 * new one.
 */
final class RestoreTarget implements AutoCloseable {
  private static final DateTimeFormatter MOMENT =
      DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final String PART = ".restore-";
  private static final Pattern LEFTOVER = Pattern.compile("[0-9a-f-]{36}\\.part(-journal)?");
  private static final List<String> COMPANIONS = List.of("-wal", "-shm", "-journal");

  private static final Sql APPLICATION = Sql.of("pragma application_id");
  private static final Sql OBJECTS = Sql.of("select count(*) from sqlite_schema");
  private static final Sql ONE_FILE = Sql.of("pragma journal_mode = delete");
  private static final Sql LOCK = Sql.of("begin exclusive");

  private final Path path;
  private final FileChannel lock;
  private @Nullable ConnectionSession old;

  private RestoreTarget(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  /**
   * Takes the place.
   *
   * @throws ConflictException if a process uses the queue that is there, or restores another one
   */
  static RestoreTarget take(Path path) throws IOException {
    Path sideFolder = path.resolveSibling(path.getFileName() + "-holdfast");
    PrivateFiles.createFolder(sideFolder);
    Path lockFile = sideFolder.resolve("restore.lock");
    PrivateFiles.createFile(lockFile);
    FileChannel lock = FileChannel.open(lockFile, StandardOpenOption.WRITE);
    RestoreTarget target = new RestoreTarget(path, lock);
    try {
      target.lockOut(sideFolder);
      target.removeLeftovers();
      return target;
    } catch (RuntimeException | Error | IOException failure) {
      target.close();
      throw failure;
    }
  }

  private void lockOut(Path sideFolder) throws IOException {
    if (!isLocked() || NodeFiles.anyHeld(sideFolder)) {
      throw inUse(null);
    }
    if (Files.exists(path)) {
      lockOld();
    }
  }

  private boolean isLocked() throws IOException {
    try {
      return lock.tryLock() != null;
    } catch (OverlappingFileLockException byOtherThread) {
      return false;
    }
  }

  private ConflictException inUse(@Nullable Throwable cause) {
    String message =
        "a process uses '%s': stop all its processes, or restore to another file".formatted(path);
    return cause == null ? new ConflictException(message) : new ConflictException(message, cause);
  }

  /** A damaged database cannot be locked; nobody can use it, and it is kept as well. */
  private void lockOld() {
    ConnectionSession session = Connections.openAlone(path);
    boolean isOurs;
    try {
      isOurs =
          session.sql(APPLICATION).number() == Schema.APPLICATION
              || session.sql(OBJECTS).number() == 0;
      if (isOurs) {
        String mode = session.sql(ONE_FILE).first(row -> row.text(1)).orElse("");
        if (!mode.equals("delete")) {
          throw inUse(null);
        }
        session.execute(LOCK);
      }
      old = session;
    } catch (BusyException byOthers) {
      session.close();
      throw inUse(byOthers);
    } catch (StorageException damaged) {
      session.close();
      return;
    } catch (RuntimeException | Error failure) {
      session.close();
      throw failure;
    }
    if (!isOurs) {
      throw new ConflictException(
          "'%s' is a database of another program, not of Holdfast: restore to another file"
              .formatted(path));
    }
  }

  /** Removes what restores of processes that died have left. */
  private void removeLeftovers() throws IOException {
    String prefix = path.getFileName() + PART;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(path.resolveSibling(""))) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        if (name.startsWith(prefix)
            && LEFTOVER.matcher(name.substring(prefix.length())).matches()) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  /** Creates the file in which the new queue is made. */
  Path createPart() throws IOException {
    return Files.createFile(
        path.resolveSibling("%s%s%s.part".formatted(path.getFileName(), PART, UUID.randomUUID())),
        PrivateFiles.fileMode());
  }

  /**
   * Gives the finished file its name.
   *
   * @return the name under which an old database was kept
   */
  Optional<Path> replaceBy(Path finished, Instant now) throws IOException {
    Path kept = keptName(now);
    for (String companion : COMPANIONS) {
      Path file = sibling(path, companion);
      if (Files.exists(file)) {
        Files.move(file, sibling(kept, companion), StandardCopyOption.ATOMIC_MOVE);
      }
    }
    boolean isReplacing = Files.exists(path);
    if (isReplacing) {
      DurableFiles.keepAs(path, kept);
    }
    DurableFiles.syncFolderOf(path);
    Files.move(finished, path, StandardCopyOption.ATOMIC_MOVE);
    DurableFiles.syncFolderOf(path);
    return isReplacing ? Optional.of(kept) : Optional.empty();
  }

  private Path keptName(Instant now) {
    String name = path.getFileName() + ".before-restore-" + MOMENT.format(now);
    Path kept = path.resolveSibling(name);
    for (int number = 2; Files.exists(kept); number++) {
      kept = path.resolveSibling(name + "-" + number);
    }
    return kept;
  }

  private static Path sibling(Path file, String ending) {
    return file.resolveSibling(file.getFileName() + ending);
  }

  @Override
  public void close() throws IOException {
    try {
      if (old != null) {
        old.close();
      }
    } finally {
      lock.close();
    }
  }
}
