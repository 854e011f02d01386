package dev.holdfast.sqlite;

import dev.holdfast.error.BusyException;
import dev.holdfast.error.StorageException;
import dev.holdfast.jdbc.sql.ConnectionSession;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.TimeSource;
import dev.holdfast.spi.upkeep.Optimized;
import dev.holdfast.spi.upkeep.Space;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Optimizes a file: in short steps while it is in use, or by writing it again. */
final class FileOptimization {
  private static final Sql CHECKPOINT = Sql.of("pragma wal_checkpoint(passive)");
  private static final Sql TRUNCATE = Sql.of("pragma wal_checkpoint(truncate)");
  private static final Sql ANALYSIS_LIMIT = Sql.of("pragma analysis_limit = 1000");
  private static final Sql AUTO_VACUUM = Sql.of("pragma auto_vacuum");

  private static final Sql TABLES =
      Sql.of(
          """
          select printf('"%w"', name) from sqlite_schema
           where type = 'table' and name not like 'sqlite%' order by name
          """);

  private static final Sql SPACE =
      Sql.of(
          """
          select p.page_count * s.page_size, f.freelist_count * s.page_size
            from pragma_page_count() p, pragma_freelist_count() f, pragma_page_size() s
          """);

  /** The copy that VACUUM makes would be in memory otherwise, as other temporary tables are. */
  private static final Sql COPY_ON_DISK = Sql.of("pragma temp_store = file");

  private static final Sql BECOME_INCREMENTAL = Sql.of("pragma auto_vacuum = incremental");
  private static final Sql VACUUM = Sql.of("vacuum");

  private final DatabaseFile file;
  private final Connections connections;
  private final TimeSource time;

  FileOptimization(DatabaseFile file, Connections connections, TimeSource time) {
    this.file = file;
    this.connections = connections;
    this.time = time;
  }

  /** Returns the space of the file's pages, those in the write-ahead log among them. */
  static Space space(Session session) {
    return session
        .sql(SPACE)
        .first(row -> new Space(row.number(1), Optional.of(row.number(2)), Optional.empty()))
        .orElseThrow();
  }

  /** Returns about how much space a rebuild needs: for a copy, and for the log of all its pages. */
  static long bytesToRebuild(Space space) {
    return 2 * used(space);
  }

  private static long used(Space space) {
    return space.bytes() - space.freeBytes().orElse(0L);
  }

  /** Optimizes the file while others write. */
  Optimized inSteps() {
    try (ConnectionSession session = connections.openForUpkeep()) {
      boolean isEmptied = checkpoint(session);
      Space before = space(session);
      List<String> notes = new ArrayList<>();
      try {
        analyze(session);
        if (isIncremental(session)) {
          int unused = new PageRelease(session, time).run();
          isEmptied = checkpoint(session);
        }
      } catch (BusyException others) {
        notes.add(
            "others wrote without a pause, so not all was done: repeat it when they write less");
      }
      Space after = space(session);
      notes.addAll(notes(isIncremental(session), isEmptied, after));
      return new Optimized(before, after, notes);
    }
  }

  /** A table at a time, as each holds SQLite's write lock. */
  private static void analyze(Session session) {
    long unused = session.sql(ANALYSIS_LIMIT).number();
    for (String table : session.sql(TABLES).list(row -> row.text(1))) {
      session.execute(Sql.of("analyze " + table));
      PageRelease.letOthersWrite();
    }
  }

  private static List<String> notes(boolean isIncremental, boolean isEmptied, Space after) {
    List<String> notes = new ArrayList<>();
    long free = after.freeBytes().orElse(0L);
    if (!isIncremental && free > 0) {
      notes.add(
          ("%,d free bytes stay in the file, where later jobs use them: it was created without"
                  + " incremental vacuum; 'holdfast maintain optimize --full' gives them back, and"
                  + " makes the file one that needs no second full one")
              .formatted(free));
    }
    if (!isEmptied) {
      notes.add(
          "the write-ahead log was not moved into the file completely, as others read or write: the"
              + " file shrinks with the next checkpoint that is complete");
    }
    return notes;
  }

  private static boolean isIncremental(Session session) {
    return session.sql(AUTO_VACUUM).number() != 0;
  }

  private static boolean checkpoint(Session session) {
    return session
        .sql(CHECKPOINT)
        .first(row -> row.number(1) == 0 && row.number(2) == row.number(3))
        .orElse(false);
  }

  /** Writes the file again, as one that can be optimized in steps from then on. */
  Optimized whole() {
    try (ConnectionSession session = connections.openForUpkeep()) {
      Space before = space(session);
      refuseWithoutRoom(before);
      vacuum(session, true);
      return new Optimized(before, space(session), List.of());
    }
  }

  /** Writes the file again. */
  static void vacuum(Session session, boolean becomesIncremental) {
    session.execute(COPY_ON_DISK);
    if (becomesIncremental) {
      session.execute(BECOME_INCREMENTAL);
    }
    session.execute(VACUUM);
    long unused = session.sql(TRUNCATE).number();
  }

  private void refuseWithoutRoom(Space space) {
    long room = file.path().toFile().getUsableSpace();
    long needed = used(space);
    if (room < needed) {
      throw new StorageException(
          ("a full optimization needs about %,d bytes next to '%s' and as many in the folder for"
                  + " temporary files, and %,d are free: free space and repeat")
              .formatted(needed, file.path(), room));
    }
  }
}
