package dev.holdfast.jdbc.sql;

import dev.holdfast.error.SchemaException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The numbered migrations of a dialect, each a resource of statements that end with a semicolon at
 * the end of a line. The caller runs them inside a transaction that excludes others.
 */
public final class Migrations {
  private static final Sql RECORD =
      Sql.of(
          """
          insert into schema_history (number, name, applied_at) values (:number, :name, :now)
          """);

  private final Class<?> home;
  private final List<String> names;

  /**
   * @param home the class whose package contains the folder {@code migrations}
   * @param names file names without extension; the first one is number 1
   */
  public Migrations(Class<?> home, List<String> names) {
    this.home = home;
    this.names = List.copyOf(names);
  }

  /** Returns the number of the newest migration. */
  public int newest() {
    return names.size();
  }

  /**
   * Applies missing migrations.
   *
   * @param current the number of the last one that was applied, 0 for none
   * @throws SchemaException if the database is newer than this program
   */
  public void apply(Session session, int current, long now) {
    checkNotNewer(current);
    for (int number = current + 1; number <= newest(); number++) {
      applyOne(session, number, now);
    }
  }

  /** Applies the migration of this number; all before it have been. */
  public void applyOne(Session session, int number, long now) {
    String name = name(number);
    for (String statement : statements(name)) {
      session.execute(Sql.of(statement));
    }
    session.sql(RECORD).set("number", number).set("name", name).set("now", now).update();
  }

  /** Returns the name of the migration of this number. */
  public String name(int number) {
    return names.get(number - 1);
  }

  /**
   * Rejects a newer database.
   *
   * @throws SchemaException if it is newer
   */
  public void checkNotNewer(int current) {
    if (current > newest()) {
      throw new SchemaException(
          "the database has schema %d, this version of Holdfast knows up to %d: use a newer Holdfast"
              .formatted(current, newest()));
    }
  }

  private List<String> statements(String name) {
    try (InputStream in = home.getResourceAsStream("migrations/" + name + ".sql")) {
      if (in == null) {
        throw new IllegalStateException("migration " + name + " is missing: a bug");
      }
      return split(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /**
   * Splits a script into statements, except in the body of a function, between {@code $$} and
   * {@code $$}.
   */
  private static List<String> split(String script) {
    List<String> statements = new ArrayList<>();
    StringBuilder statement = new StringBuilder();
    boolean inBody = false;
    for (String line : script.split("\n", -1)) {
      inBody ^= line.split("\\$\\$", -1).length % 2 == 0;
      boolean isEnd = !inBody && line.stripTrailing().endsWith(";");
      statement.append(isEnd ? line.stripTrailing().replaceFirst(";$", "") : line).append('\n');
      if (isEnd) {
        statements.add(statement.toString());
        statement.setLength(0);
      }
    }
    if (!statement.toString().isBlank()) {
      throw new IllegalStateException("a migration ends within a statement: a bug");
    }
    return statements;
  }
}
