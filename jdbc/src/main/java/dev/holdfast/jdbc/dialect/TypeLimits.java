package dev.holdfast.jdbc.dialect;

import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.Signal;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The table {@code type_limits}. */
public final class TypeLimits {
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

  public static Map<String, Integer> all(Session session) {
    Map<String, Integer> limits = new TreeMap<>();
    session.sql(ALL).list(row -> limits.put(row.text(1), row.count(2)) == null);
    return limits;
  }

  public static String put(
      Session session, String type, Optional<Integer> limit, PostCommitSignals postCommit) {
    if (limit.isPresent()) {
      session.sql(PUT).set("type", type).set("concurrency", limit.get()).update();
      Permits.countRunningOfType(session, type);
    } else {
      session.sql(REMOVE).set("type", type).update();
    }
    tell(postCommit);
    return type;
  }

  private static void tell(PostCommitSignals postCommit) {
    postCommit.add(Signal.QUEUES);
    postCommit.add(Signal.WORK);
  }

  /** Writes limits; existing ones are left unchanged. @return how many were written */
  public static int load(
      Session session, Map<String, Integer> limits, PostCommitSignals postCommit) {
    int loaded = 0;
    for (Map.Entry<String, Integer> limit : limits.entrySet()) {
      loaded +=
          session
              .sql(ADD)
              .set("type", limit.getKey())
              .set("concurrency", limit.getValue())
              .update();
      Permits.countRunningOfType(session, limit.getKey());
    }
    tell(postCommit);
    return loaded;
  }

  public static int replaceAll(
      Session session, Map<String, Integer> limits, PostCommitSignals postCommit) {
    session.sql(REMOVE_ALL).update();
    return load(session, limits, postCommit);
  }
}
