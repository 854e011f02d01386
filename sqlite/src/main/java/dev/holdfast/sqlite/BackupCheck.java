package dev.holdfast.sqlite;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.holdfast.Finding;
import dev.holdfast.Finding.Gravity;
import dev.holdfast.error.HoldfastException;
import dev.holdfast.error.StorageException;
import dev.holdfast.jdbc.sql.ConnectionSession;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.jdbc.store.Examination;
import dev.holdfast.spi.Backups.Verified;
import dev.holdfast.spi.StoreProvider.OpenMode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Checks the content of a file that no process has open: that it is a whole SQLite database, of
 * Holdfast, with the schema of this version, and that its rows are a queue.
 */
final class BackupCheck {
  private static final byte[] MAGIC = "SQLite format 3\0".getBytes(US_ASCII);
  private static final int HEADER_BYTES = 100;
  private static final int PAGE_SIZE_AT = 16;
  private static final int PAGE_COUNT_AT = 28;
  private static final int LARGEST_PAGE = 65_536;

  private static final Sql PAGES = Sql.of("pragma integrity_check(1)");

  /** Selects what migrations create; statistics and triggers come and go with other features. */
  private static final Sql OBJECTS =
      Sql.of(
          """
          select type || ' ' || name, sql from sqlite_schema
           where sql is not null and type <> 'trigger' and name not like 'sqlite%'
          """);

  private static final Sql JOBS =
      Sql.of(
          """
          select count(*),
                 coalesce(sum(state not in ('COMPLETED', 'FAILED', 'CANCELLED')), 0),
                 coalesce(max(updated_at), 0)
            from jobs
          """);

  private static final Sql SCHEMA = Sql.of("pragma user_version");

  private final Path file;
  private final Path content;

  /**
   * @param file the backup, for messages
   * @param content the file to read: the backup or a copy of it
   */
  BackupCheck(Path file, Path content) {
    this.file = file;
    this.content = content;
  }

  /**
   * Runs all checks.
   *
   * @param hasChecksum whether the checksum was compared
   * @throws HoldfastException saying in one line what is wrong
   */
  Verified run(boolean hasChecksum) throws IOException {
    checkFile();
    try (ConnectionSession session = Connections.openCopy(content)) {
      new Schema(file).checkCurrent(session);
      checkPages(session);
      checkObjects(session);
      return session
          .sql(JOBS)
          .first(
              row -> {
                checkRows(session, file, row.number(3));
                return new Verified(
                    file,
                    content.toFile().length(),
                    (int) session.sql(SCHEMA).number(),
                    row.number(1),
                    row.number(2),
                    hasChecksum);
              })
          .orElseThrow();
    } catch (HoldfastException known) {
      throw known;
    } catch (RuntimeException unreadable) {
      throw new StorageException(
          "'%s' is damaged: %s".formatted(file, oneLine(String.valueOf(unreadable.getMessage()))),
          unreadable);
    }
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\s+", " ");
  }

  /** Checks the header, and that the file is as long as it says. */
  private void checkFile() throws IOException {
    if (Files.exists(sibling("-wal")) && Files.size(sibling("-wal")) > 0) {
      throw new StorageException(
          "'%s' has a write-ahead log, so it is a database, not a backup: make one with 'holdfast backup'"
              .formatted(file));
    }
    byte[] header;
    try (InputStream in = Files.newInputStream(content)) {
      header = in.readNBytes(HEADER_BYTES);
    }
    ByteBuffer fields = ByteBuffer.wrap(header);
    if (header.length < HEADER_BYTES
        || !ByteBuffer.wrap(MAGIC).equals(fields.slice(0, MAGIC.length))) {
      throw new StorageException(
          "'%s' is not an SQLite database: name another file".formatted(file));
    }
    int pageSize = fields.getShort(PAGE_SIZE_AT) & 0xffff;
    long bytes =
        (pageSize == 1 ? LARGEST_PAGE : pageSize) * (fields.getInt(PAGE_COUNT_AT) & 0xffffffffL);
    if (bytes != Files.size(content)) {
      throw new StorageException(
          "'%s' is not whole: it has %,d bytes, and should have %,d"
              .formatted(file, Files.size(content), bytes));
    }
  }

  private Path sibling(String ending) {
    return file.resolveSibling(file.getFileName() + ending);
  }

  private void checkPages(Session session) {
    String answer = session.sql(PAGES).first(row -> row.text(1)).orElse("no answer");
    if (!answer.equals("ok")) {
      throw new StorageException("'%s' is damaged: %s".formatted(file, oneLine(answer)));
    }
  }

  private void checkObjects(Session session) {
    Map<String, String> found = objects(session);
    Map<String, String> expected;
    try (ConnectionSession fresh = Connections.openInMemory()) {
      new Schema(file).prepare(fresh, OpenMode.CREATE, 0);
      expected = objects(fresh);
    }
    expected.forEach(
        (object, sql) -> {
          if (!sql.equals(found.get(object))) {
            throw new StorageException(
                "'%s' has no %s as Holdfast creates it: somebody changed its schema"
                    .formatted(file, object));
          }
        });
  }

  private static Map<String, String> objects(Session session) {
    Map<String, String> objects = new HashMap<>();
    session.sql(OBJECTS).list(row -> objects.put(row.text(1), row.text(2)));
    return objects;
  }

  static void checkRows(Session session, Path file, long now) {
    List<Finding> findings = Examination.ofCopy(session, now);
    findings.stream()
        .filter(finding -> finding.gravity() == Gravity.ERROR)
        .findFirst()
        .ifPresent(
            finding -> {
              throw new StorageException(
                  "'%s' is not a consistent queue: %s".formatted(file, finding.text()));
            });
  }
}
