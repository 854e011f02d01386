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

  public static String put(Tx tx, String type, Optional<Integer> limit) {
    if (limit.isPresent()) {
      tx.sql(PUT).set("type", type).set("concurrency", limit.get()).update();
      Permits.countRunningOfType(tx, type);
    } else {
      tx.sql(REMOVE).set("type", type).update();
    }
    tell(tx.postCommit());
    return type;
  }

  private static void tell(PostCommitSignals postCommit) {
    postCommit.add(Signal.QUEUES);
    postCommit.add(Signal.WORK);
  }

  /** Writes limits; existing ones are left unchanged. @return how many were written */
  public static int load(Tx tx, Map<String, Integer> limits) {
    int loaded = 0;
    for (Map.Entry<String, Integer> limit : limits.entrySet()) {
      loaded +=
          tx.sql(ADD).set("type", limit.getKey()).set("concurrency", limit.getValue()).update();
      Permits.countRunningOfType(tx, limit.getKey());
    }
    tell(tx.postCommit());
    return loaded;
  }

  public static int replaceAll(Tx tx, Map<String, Integer> limits) {
    tx.sql(REMOVE_ALL).update();
    return load(tx, limits);
  }
}
