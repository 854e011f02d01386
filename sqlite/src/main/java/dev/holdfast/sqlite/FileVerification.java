package dev.holdfast.sqlite;

import dev.holdfast.Finding;
import dev.holdfast.Finding.Gravity;
import dev.holdfast.error.StorageException;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import java.util.ArrayList;
import java.util.List;

/** Reads all pages of a file, compares indexes with their tables, and follows all references. */
final class FileVerification {
  private static final Sql INTEGRITY_CHECK = Sql.of("pragma integrity_check(100)");

  private static final Sql DANGLING =
      Sql.of(
          """
          select "table", parent, count(*) from pragma_foreign_key_check
           group by "table", parent order by "table", parent
          """);

  private FileVerification() {}

  static List<Finding> run(Session session) {
    List<Finding> findings = new ArrayList<>();
    try {
      session.sql(INTEGRITY_CHECK).list(row -> row.text(1)).stream()
          .filter(answer -> !answer.equals("ok"))
          .map(FileVerification::damaged)
          .forEach(findings::add);
      findings.addAll(
          session.sql(DANGLING).list(row -> dangling(row.text(1), row.text(2), row.number(3))));
    } catch (StorageException unreadable) {
      findings.add(damaged(String.valueOf(unreadable.getMessage())));
    }
    return findings;
  }

  private static Finding damaged(String answer) {
    return new Finding(
        Gravity.ERROR,
        "file-damaged",
        "the file is damaged: " + answer.replaceAll("\\s+", " "),
        "stop all processes, keep a copy of the file and its -wal, and restore a copy");
  }

  private static Finding dangling(String table, String parent, long rows) {
    return new Finding(
        Gravity.ERROR,
        "reference-dangling",
        "%,d rows of table '%s' refer to rows of '%s' that do not exist"
            .formatted(rows, table, parent),
        "find out which program changed the file, and restore a copy");
  }
}
