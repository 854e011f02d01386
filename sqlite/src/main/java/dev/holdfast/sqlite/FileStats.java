package dev.holdfast.sqlite;

import dev.holdfast.jdbc.sql.Row;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.upkeep.DatabaseStats;
import dev.holdfast.spi.upkeep.Relation;
import dev.holdfast.spi.upkeep.Space;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The sizes of what is in a file. SQLite keeps no sizes, so all pages of a small file are read. Of
 * a large one the first pages of each table and index are read, and the rows of the planner's
 * statistics tell how many more there are.
 */
final class FileStats {
  /** About 100 MB, which take a fraction of a second. */
  static final int WHOLE_PAGES_MAX = 25_000;

  private static final int SAMPLE_PAGES = 200;

  private static final Sql PAGES = Sql.of("pragma page_count");

  private static final Sql SIZES =
      Sql.of(
          """
          select d.name, coalesce(s.tbl_name, d.name), d.pgsize
            from dbstat d left join sqlite_schema s on s.name = d.name
           where d.aggregate = true
          """);

  private static final Sql TREES =
      Sql.of("select name, tbl_name from sqlite_schema where rootpage > 0");

  private static final Sql SAMPLE =
      Sql.of(
          """
          select count(*), coalesce(sum(pgsize), 0),
                 coalesce(sum(case when pagetype = 'leaf' then ncell else 0 end), 0)
            from (select pagetype, pgsize, ncell from dbstat where name = :name limit :pages)
          """);

  private static final Sql HAS_STATISTICS =
      Sql.of("select count(*) from sqlite_schema where name = 'sqlite_stat1'");

  private static final Sql ROWS =
      Sql.of(
          """
          select coalesce(max(cast(stat as integer)), 0) from sqlite_stat1
           where idx = :name or (tbl = :name and :name = :table)
          """);

  private final Session session;
  private final long wholePagesMax;
  private final List<String> notes = new ArrayList<>();

  /** Reads in this session all pages of a file of at most this many, and a part of others. */
  FileStats(Session session, long wholePagesMax) {
    this.session = session;
    this.wholePagesMax = wholePagesMax;
  }

  DatabaseStats read(long logBytes) {
    Space space = FileOptimization.space(session);
    List<Relation> relations =
        new ArrayList<>(
            session.sql(PAGES).number() <= wholePagesMax
                ? session.sql(SIZES).list(row -> exact(row.text(1), row.text(2), row.number(3)))
                : estimates(space));
    relations.sort(Comparator.comparingLong(Relation::bytes).reversed());
    return new DatabaseStats(
        space,
        Optional.of(logBytes),
        FileOptimization.bytesToRebuild(space),
        relations,
        Optional.empty(),
        List.of(),
        notes);
  }

  private static Relation exact(String name, String table, long bytes) {
    return new Relation(name, table, bytes, false, Optional.empty());
  }

  /**
   * Estimates the sizes. All of them together are known, so those that are estimated share what the
   * others leave.
   */
  private List<Relation> estimates(Space space) {
    if (session.sql(HAS_STATISTICS).number() == 0) {
      notes.add(
          "the sizes of tables and indexes are missing, as the file is large and its statistics"
              + " have not been read yet: run 'holdfast maintain analyze'");
      return List.of();
    }
    notes.add("the sizes of tables and indexes of this large file are estimates where marked");
    List<Relation> found = trees();
    long known = sum(found, false);
    double scale =
        (space.bytes() - space.freeBytes().orElse(0L) - known)
            / (double) Math.max(1, sum(found, true));
    return found.stream().map(one -> one.isEstimated() ? scaled(one, scale) : one).toList();
  }

  private List<Relation> trees() {
    record Tree(String name, String table) {}
    return session.sql(TREES).list(row -> new Tree(row.text(1), row.text(2))).stream()
        .map(tree -> sampled(tree.name(), tree.table()))
        .toList();
  }

  private static long sum(List<Relation> relations, boolean isEstimated) {
    return relations.stream()
        .filter(one -> one.isEstimated() == isEstimated)
        .mapToLong(Relation::bytes)
        .sum();
  }

  private static Relation scaled(Relation one, double scale) {
    long bytes = Math.max(0, Math.round(one.bytes() * scale));
    return new Relation(one.name(), one.table(), bytes, true, Optional.empty());
  }

  private Relation sampled(String name, String table) {
    return session
        .sql(SAMPLE)
        .set("name", name)
        .set("pages", SAMPLE_PAGES)
        .first(row -> relation(row, name, table))
        .orElseThrow();
  }

  private Relation relation(Row sample, String name, String table) {
    long bytes = sample.number(2);
    if (sample.number(1) < SAMPLE_PAGES) {
      return exact(name, table, bytes);
    }
    long rows = session.sql(ROWS).set("name", name).set("table", table).number();
    long estimate = Math.round(rows * (bytes / (double) Math.max(1, sample.number(3))));
    return new Relation(name, table, Math.max(bytes, estimate), true, Optional.empty());
  }
}
