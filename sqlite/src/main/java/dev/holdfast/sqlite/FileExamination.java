package dev.holdfast.sqlite;

import dev.holdfast.Finding;
import dev.holdfast.Finding.Gravity;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.sqlite.SqliteAddress.Synchronous;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Finds problems with the file, its settings, and the folder around it. */
final class FileExamination {
  private static final Sql QUICK_CHECK = Sql.of("pragma quick_check(10)");
  private static final Sql JOURNAL_MODE = Sql.of("pragma journal_mode");
  private static final long LOG_BYTES_MAX = 256L << 20;
  private static final long FREE_BYTES_MIN = 256L << 20;

  private final DatabaseFile file;
  private final List<Finding> findings = new ArrayList<>();

  FileExamination(DatabaseFile file) {
    this.file = file;
  }

  List<Finding> run(Session session) {
    checkPages(session);
    checkSettings(session);
    checkModes();
    checkSpace();
    return findings;
  }

  private void checkPages(Session session) {
    List<String> answers = session.sql(QUICK_CHECK).list(row -> row.text(1));
    if (!answers.equals(List.of("ok"))) {
      add(
          Gravity.ERROR,
          "file-damaged",
          "the file is damaged: " + answers.get(0).replaceAll("\\s+", " "),
          "stop all processes, keep a copy of the file and its -wal, and restore a copy");
    }
  }

  private void checkSettings(Session session) {
    String mode = session.sql(JOURNAL_MODE).first(row -> row.text(1)).orElse("unknown");
    if (!mode.equals("wal")) {
      add(
          Gravity.ERROR,
          "journal-mode",
          "the file's journal mode is '%s', not 'wal'".formatted(mode),
          "stop all processes and start one: it sets the mode");
    }
    if (file.synchronous() == Synchronous.NORMAL) {
      add(
          Gravity.WARNING,
          "synchronous-normal",
          "this process opened the file with synchronous=NORMAL: a power cut loses what was"
              + " acknowledged last",
          "leave ?synchronous=NORMAL away");
    }
  }

  private void checkModes() {
    Path path = file.path();
    for (Path each : List.of(path, sibling("-wal"), sibling("-shm"), sibling("-holdfast"))) {
      if (isOpenToOthers(each)) {
        add(
            Gravity.WARNING,
            "file-mode",
            "'%s' can be read or written by other users".formatted(each),
            "chmod go= '%s'".formatted(each));
      }
    }
  }

  private static boolean isOpenToOthers(Path path) {
    try {
      Set<PosixFilePermission> modes = Files.getPosixFilePermissions(path);
      return modes.stream().anyMatch(mode -> !mode.name().startsWith("OWNER"));
    } catch (IOException | UnsupportedOperationException notThere) {
      return false;
    }
  }

  private void checkSpace() {
    long log = sibling("-wal").toFile().length();
    if (log > LOG_BYTES_MAX) {
      add(
          Gravity.WARNING,
          "log-large",
          "the write-ahead log has grown to %,d MB: a reader has been open for a long time"
              .formatted(log >> 20),
          "end long-running readers of the file; the log shrinks when the last process closes it");
    }
    long free = file.path().toFile().getUsableSpace();
    if (free < FREE_BYTES_MIN) {
      add(
          Gravity.WARNING,
          "disk-nearly-full",
          "%,d MB are left on the file's disk".formatted(free >> 20),
          "free space; when the disk is full nothing is lost, but all work stops");
    }
  }

  private Path sibling(String ending) {
    return file.path().resolveSibling(file.path().getFileName() + ending);
  }

  private void add(Gravity gravity, String code, String text, String cure) {
    findings.add(new Finding(gravity, code, text, cure));
  }
}
