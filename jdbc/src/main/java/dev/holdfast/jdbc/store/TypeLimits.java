package dev.holdfast.jdbc.store;

import dev.holdfast.spi.Signal;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The table {@code type_limits}. */
final class TypeLimits {
  private static final Sql ALL = Sql.of("select type, concurrency from type_limits");

  private static final Sql PUT =
      Sql.of(
          """
          insert into type_limits (type, concurrency) values (:type, :concurrency)
          on conflict (type) do update set concurrency = excluded.concurrency
          """);

  private static final Sql REMOVE = Sql.of("delete from type_limits where type = :type");

  private static final Sql ADD =
      Sql.of(
          """
          insert into type_limits (type, concurrency) values (:type, :concurrency)
          on conflict (type) do nothing
          """);

  private static final Sql REMOVE_ALL = Sql.of("delete from type_limits");

  private TypeLimits() {}

  static Map<String, Integer> all(Session session) {
    Map<String, Integer> limits = new TreeMap<>();
    session.sql(ALL).list(row -> limits.put(row.text(1), row.count(2)) == null);
    return limits;
  }

  static String put(Session session, String type, Optional<Integer> limit, News news) {
    if (limit.isPresent()) {
      session.sql(PUT).set("type", type).set("concurrency", limit.get()).update();
      Holds.countRunningOfType(session, type);
    } else {
      session.sql(REMOVE).set("type", type).update();
    }
    tell(news);
    return type;
  }

  private static void tell(News news) {
    news.add(Signal.QUEUES);
    news.add(Signal.WORK);
  }

  /** Those that are there stay. @return how many were written */
  static int load(Session session, Map<String, Integer> limits, News news) {
    int loaded = 0;
    for (Map.Entry<String, Integer> limit : limits.entrySet()) {
      loaded +=
          session
              .sql(ADD)
              .set("type", limit.getKey())
              .set("concurrency", limit.getValue())
              .update();
      Holds.countRunningOfType(session, limit.getKey());
    }
    tell(news);
    return loaded;
  }

  static int replaceAll(Session session, Map<String, Integer> limits, News news) {
    session.sql(REMOVE_ALL).update();
    return load(session, limits, news);
  }
}
