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
    news.add(Signal.QUEUES);
    news.add(Signal.WORK);
    return type;
  }
}
