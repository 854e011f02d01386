package dev.holdfast.jdbc.server;

import dev.holdfast.JobId;
import dev.holdfast.jdbc.dialect.ConnectionUse;
import dev.holdfast.jdbc.dialect.Database;
import dev.holdfast.jdbc.dialect.Tx;
import dev.holdfast.jdbc.sql.Bound;
import dev.holdfast.jdbc.sql.Json;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Row;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.server.Alert;
import dev.holdfast.spi.server.AlertRule;
import dev.holdfast.spi.server.AlertRule.Kind;
import dev.holdfast.spi.server.AlertStore;
import dev.holdfast.spi.server.Happening;
import dev.holdfast.spi.server.WebhookEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Alerts over JDBC. A node that measures a rule updates its check time first, so that of many nodes
 * one measures. The measurement may read many rows, so it is not in a transaction that writes.
 */
public final class SqlAlerts implements AlertStore {
  private static final Sql PUT =
      Sql.of(
          """
          insert into alerts (name, kind, queue, type, over_us, threshold, at_least, created_by)
          values (:name, :kind, :queue, :type, :over_us, :threshold, :at_least, :created_by)
          on conflict (name) do update
             set kind = excluded.kind, queue = excluded.queue, type = excluded.type,
                 over_us = excluded.over_us, threshold = excluded.threshold,
                 at_least = excluded.at_least, created_by = excluded.created_by,
                 checked_at = null, value = null, raised_at = null
          """);

  private static final Sql ALL = Sql.of("select * from alerts order by name");

  private static final Sql FIND = Sql.of("select * from alerts where name = :name");

  private static final Sql REMOVE = Sql.of("delete from alerts where name = :name");

  private static final Sql DUE =
      Sql.of(
          """
          select name from alerts
           where checked_at is null or checked_at <= :before or checked_at > :now order by name
          """);

  private static final Sql TAKE_TURN =
      Sql.of(
          """
          update alerts set checked_at = :now
           where name = :name
             and (checked_at is null or checked_at <= :before or checked_at > :now)
          """);

  private static final Sql MEASURED =
      Sql.of(
          """
          update alerts set value = :value, raised_at = :raised_at
           where name = :name and checked_at = :checked_at
          """);

  private static final Sql WAITING =
      Sql.of(
          """
          select count(*) from jobs
           where state = 'PENDING' and run_at < :before
             and (cast(:queue as text) is null or queue = :queue)
             and (cast(:type as text) is null or type = :type)
          """);

  private static final Sql RECOVERIES =
      Sql.of("select count(*) from recoveries where at >= :since");

  private static final Sql RUNNING =
      Sql.of(
          """
          select count(*) from jobs
           where state = 'RUNNING' and started_at < :before
             and (cast(:queue as text) is null or queue = :queue)
             and (cast(:type as text) is null or type = :type)
          """);

  /**
   * Selects ended jobs by their ids, which contain the time: there is no index on the end of jobs.
   */
  private static final Sql ENDED =
      Sql.of(
          """
          select count(*), coalesce(sum(case when state = 'FAILED' then 1 else 0 end), 0)
            from jobs
           where id >= :least and state in ('COMPLETED', 'FAILED')
             and type <> 'holdfast.webhook'
             and not (state = 'FAILED'
                      and exists (select 1 from failure_mutes m
                                   where m.fingerprint = jobs.fingerprint
                                     and (m.until is null or m.until > :now)))
             and (cast(:queue as text) is null or queue = :queue)
             and (cast(:type as text) is null or type = :type)
          """);

  private final Database database;

  public SqlAlerts(Database database) {
    this.database = database;
  }

  @Override
  public void put(AlertRule rule, String by) {
    int unused =
        database.write(
            ConnectionUse.CALLERS,
            tx ->
                tx.sql(PUT)
                    .set("name", rule.name())
                    .set("kind", rule.kind().name())
                    .set("queue", rule.queue())
                    .set("type", rule.type())
                    .set("over_us", Micros.of(rule.over()))
                    .set("threshold", rule.threshold())
                    .set("at_least", rule.atLeast())
                    .set("created_by", by)
                    .update());
  }

  @Override
  public List<Alert> list() {
    return database.read(ConnectionUse.CALLERS, session -> session.sql(ALL).list(SqlAlerts::alert));
  }

  @Override
  public boolean remove(String name) {
    return database.write(ConnectionUse.CALLERS, tx -> tx.sql(REMOVE).set("name", name).update())
        == 1;
  }

  @Override
  public List<Alert> watch(Duration interval) {
    long looked = database.now();
    List<String> due =
        database.read(
            ConnectionUse.DUTIES,
            session ->
                session
                    .sql(DUE)
                    .set("before", looked - Micros.of(interval))
                    .set("now", looked)
                    .list(row -> row.text(1)));
    List<Alert> changed = new ArrayList<>();
    Optional<RuntimeException> failure = Optional.empty();
    for (String name : due) {
      try {
        check(name, Micros.of(interval)).ifPresent(changed::add);
      } catch (RuntimeException one) {
        failure = failure.or(() -> Optional.of(one)); // after the other alerts
      }
    }
    if (failure.isPresent()) {
      throw failure.get();
    }
    return changed;
  }

  /** Measures a rule. @return the alert if it was raised or cleared */
  private Optional<Alert> check(String name, long interval) {
    Optional<Alert> turn = database.write(ConnectionUse.DUTIES, tx -> take(tx, name, interval));
    if (turn.isEmpty()) {
      return Optional.empty();
    }
    AlertRule rule = turn.get().rule();
    long at = turn.get().checkedAt().map(Micros::of).orElseThrow();
    Optional<Long> value =
        database.read(ConnectionUse.DUTIES, session -> measure(session, rule, at));
    return database.write(ConnectionUse.DUTIES, tx -> measured(tx, turn.get(), value));
  }

  /** Returns the alert with its new check time; empty if others take this turn. */
  private static Optional<Alert> take(Tx tx, String name, long interval) {
    int taken =
        tx.sql(TAKE_TURN)
            .set("name", name)
            .set("before", tx.now() - interval)
            .set("now", tx.now())
            .update();
    return taken == 0 ? Optional.empty() : Optional.of(find(tx, name));
  }

  /** Writes a measurement, unless the rule was changed or measured again meanwhile. */
  private static Optional<Alert> measured(Tx tx, Alert before, Optional<Long> value) {
    AlertRule rule = before.rule();
    long at = before.checkedAt().map(Micros::of).orElseThrow();
    boolean isOver = value.map(figure -> figure >= rule.threshold()).orElse(false);
    Optional<Long> raised = before.raisedAt().map(Micros::of).or(() -> Optional.of(at));
    int rows =
        tx.sql(MEASURED)
            .set("name", rule.name())
            .set("checked_at", at)
            .set("value", value)
            .set("raised_at", isOver ? raised : Optional.empty())
            .update();
    if (rows == 0 || isOver == before.raisedAt().isPresent()) {
      return Optional.empty();
    }
    tell(tx, rule, isOver, value, at);
    return Optional.of(find(tx, rule.name()));
  }

  private static Alert find(Session session, String name) {
    return session.sql(FIND).set("name", name).first(SqlAlerts::alert).orElseThrow();
  }

  private static Optional<Long> measure(Session session, AlertRule rule, long now) {
    long from = now - Micros.of(rule.over());
    if (rule.kind() != Kind.FAILURE_RATE) {
      if (rule.kind() == Kind.RECOVERIES) {
        return Optional.of(session.sql(RECOVERIES).set("since", from).number());
      }
      Sql count = rule.kind() == Kind.STUCK ? RUNNING : WAITING;
      return Optional.of(of(session.sql(count).set("before", from), rule).number());
    }
    return of(session.sql(ENDED).set("least", leastId(from)).set("now", now), rule)
        .first(row -> rate(row.number(1), row.number(2), rule))
        .flatMap(rate -> rate);
  }

  private static Bound of(Bound statement, AlertRule rule) {
    return statement.set("queue", rule.queue()).set("type", rule.type());
  }

  private static Optional<Long> rate(long ended, long failed, AlertRule rule) {
    return ended < rule.atLeast() ? Optional.empty() : Optional.of(100 * failed / ended);
  }

  /** Returns the least id of a job that was created then. */
  private static JobId leastId(long micros) {
    return new JobId(new UUID(Math.max(0, micros / 1_000) << 16, 0));
  }

  private static void tell(Tx tx, AlertRule rule, boolean isRaised, Optional<Long> value, long at) {
    WebhookEvent event = isRaised ? WebhookEvent.ALERT_RAISED : WebhookEvent.ALERT_CLEARED;
    Map<String, Object> alert = new LinkedHashMap<>();
    alert.put("name", rule.name());
    alert.put("kind", rule.kind().name());
    rule.queue().ifPresent(queue -> alert.put("queue", queue));
    rule.type().ifPresent(type -> alert.put("type", type));
    alert.put("over_ms", rule.over().toMillis());
    alert.put("threshold", rule.threshold());
    value.ifPresent(measured -> alert.put("value", measured));
    String data = Json.write(Map.of("alert", alert));
    int unused = Deliveries.tell(tx, Happening.of(event, rule.name() + ":" + at, data), at);
  }

  private static Alert alert(Row row) {
    return new Alert(
        new AlertRule(
            row.text("name"),
            Kind.valueOf(row.text("kind")),
            row.maybeText("queue"),
            row.maybeText("type"),
            Micros.toDuration(row.number("over_us")),
            row.number("threshold"),
            row.number("at_least")),
        row.text("created_by"),
        row.maybeInstant("checked_at"),
        row.maybeNumber("value"),
        row.maybeInstant("raised_at"));
  }
}
