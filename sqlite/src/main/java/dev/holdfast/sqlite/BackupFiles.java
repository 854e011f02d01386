package dev.holdfast.sqlite;

import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.error.NotFoundException;
import dev.holdfast.error.StorageException;
import dev.holdfast.jdbc.sql.ConnectionSession;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.spi.Backups;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/** Backups of SQLite databases. */
final class BackupFiles implements Backups {

  @Override
  public Verified verify(Path file, boolean needsChecksum) {
    NativeLibrary.prepare();
    Optional<String> expected = expectedChecksum(file, needsChecksum);
    try {
      if (expected.isPresent()) {
        compare(file, expected.get(), Checksum.of(file));
      }
      return new BackupCheck(file, file).run(expected.isPresent());
    } catch (IOException failure) {
      throw new StorageException(
          "'%s' cannot be read: %s".formatted(file, failure.getMessage()), failure);
    }
  }

  @Override
  public Restored restore(RestoreRequest request) {
    NativeLibrary.prepare();
    Path path =
        SqliteAddress.parse(request.address())
            .map(SqliteAddress::path)
            .orElseThrow(
                () ->
                    new InvalidRequestException(
                        "a backup is restored to a file, not to '%s': restore it to a file, then use 'holdfast copy'"
                            .formatted(request.address())));
    Optional<String> expected = expectedChecksum(request.file(), request.needsChecksum());
    try (RestoreTarget target = RestoreTarget.take(path)) {
      Path part = target.createPart();
      try {
        return restore(request, expected, target, part, path);
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (IOException failure) {
      throw new StorageException(
          "'%s' could not be restored to '%s': %s (%s)"
              .formatted(
                  request.file(), path, failure.getMessage(), failure.getClass().getSimpleName()),
          failure);
    }
  }

  /** The copy is what is checked, so nobody can exchange the backup in between. */
  private static Restored restore(
      RestoreRequest request, Optional<String> expected, RestoreTarget target, Path part, Path path)
      throws IOException {
    String actual;
    try (OutputStream out = Files.newOutputStream(part)) {
      actual = Checksum.copy(request.file(), out);
    }
    expected.ifPresent(checksum -> compare(request.file(), checksum, actual));
    Verified verified = new BackupCheck(request.file(), part).run(expected.isPresent());
    UUID epoch = UUID.randomUUID();
    long uncertain;
    try (ConnectionSession session = Connections.openAlone(part)) {
      uncertain = RestoredQueue.prepare(session, request, epoch);
      BackupCheck.checkRows(session, request.file(), Micros.of(request.now()));
    }
    DurableFiles.sync(part);
    Optional<Path> replaced = target.replaceBy(part, request.now());
    return new Restored(path, replaced, epoch, verified.jobs(), uncertain);
  }

  /** Returns the checksum next to a backup; empty if it has none and needs none. */
  private static Optional<String> expectedChecksum(Path file, boolean needsChecksum) {
    if (!Files.isRegularFile(file)) {
      throw new NotFoundException(
          "there is no backup '%s': name the file of one, as 'holdfast backup list' shows it"
              .formatted(file));
    }
    try {
      Optional<String> checksum = Checksum.read(file);
      if (checksum.isEmpty() && needsChecksum) {
        throw new InvalidRequestException(
            "'%s' has no checksum in '%s', so damage can go unnoticed: find it, or accept that (--no-checksum)"
                .formatted(file, Checksum.fileOf(file).getFileName()));
      }
      return checksum;
    } catch (IOException failure) {
      throw new StorageException(
          "the checksum of '%s' cannot be read: %s".formatted(file, failure.getMessage()), failure);
    }
  }

  private static void compare(Path file, String expected, String actual) {
    if (!expected.equals(actual)) {
      throw new StorageException(
          "'%s' is damaged: its content does not match its checksum; use another backup"
              .formatted(file));
    }
  }
}
