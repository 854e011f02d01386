package dev.holdfast.jdbc.sql;

import dev.holdfast.JobId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/** Queries for many jobs in a form that every database supports: fifty ids per statement. */
public final class IdLists {
  private static final int IDS = 50;

  private IdLists() {}

  /** Creates a query with {@code in (%s)} for the ids, and no other parameter. */
  public static Sql in(String query) {
    return Sql.of(query.formatted(String.join(", ", Collections.nCopies(IDS, "?"))));
  }

  public static <T> List<T> list(
      Session session, Sql query, Collection<JobId> ids, Function<Row, T> mapper) {
    List<JobId> all = ids.stream().distinct().toList();
    List<T> found = new ArrayList<>();
    for (int next = 0; next < all.size(); next += IDS) {
      Bound bound = session.sql(query);
      for (int i = 0; i < IDS; i++) { // the last one fills the rest
        bound.nextId(all.get(Math.min(next + i, all.size() - 1)).value());
      }
      found.addAll(bound.list(mapper));
    }
    return found;
  }
}
