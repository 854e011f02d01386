package dev.holdfast.jdbc.store;

import dev.holdfast.JobId;
import dev.holdfast.jdbc.dialect.ConnectionUse;
import dev.holdfast.jdbc.dialect.Database;
import dev.holdfast.jdbc.dialect.Dialect;
import dev.holdfast.jdbc.dialect.Tx;
import dev.holdfast.jdbc.server.Deliveries;
import dev.holdfast.jdbc.sql.Json;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Row;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.record.JobDraft;
import dev.holdfast.spi.server.Happening;
import dev.holdfast.spi.server.Webhook;
import dev.holdfast.spi.server.Webhook.OldSecret;
import dev.holdfast.spi.server.WebhookDelivery;
import dev.holdfast.spi.server.WebhookEvent;
import dev.holdfast.spi.server.WebhookStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Webhooks over JDBC; {@link Deliveries} has their deliveries. */
final class SqlWebhooks implements WebhookStore {
  private static final Sql PUT =
      Sql.of(
          """
          insert into webhooks
            (id, url, secret, events, queue, type, job_group, enabled, created_by)
          values
            (:id, :url, :secret, :events, :queue, :type, :job_group, :enabled, :created_by)
          on conflict (id) do update
             set url = excluded.url, events = excluded.events, queue = excluded.queue,
                 type = excluded.type, job_group = excluded.job_group, enabled = excluded.enabled
          """);

  private static final Sql ROTATE =
      Sql.of(
          """
          update webhooks set old_secret = secret, old_secret_until = :until, secret = :secret
           where id = :id
          """);

  private static final Sql FORGET_SECRETS =
      Sql.of(
          """
          update webhooks set old_secret = null, old_secret_until = null
           where old_secret_until <= :now
          """);

  private static final Sql FIND = Sql.of("select * from webhooks where id = :id");

  private static final Sql ALL = Sql.of("select * from webhooks order by id");

  private static final Sql REMOVE = Sql.of("delete from webhooks where id = :id");

  private final Database database;
  private final Dialect dialect;
  private final Enqueues enqueues;

  SqlWebhooks(Database database, Dialect dialect, Enqueues enqueues) {
    this.database = database;
    this.dialect = dialect;
    this.enqueues = enqueues;
  }

  @Override
  public void put(Webhook webhook) {
    boolean unused =
        database.write(
            ConnectionUse.CALLERS,
            tx -> {
              tx.sql(PUT)
                  .set("id", webhook.id())
                  .set("url", webhook.url())
                  .set("secret", webhook.secret())
                  .set("events", words(webhook))
                  .set("queue", webhook.queue())
                  .set("type", webhook.type())
                  .set("job_group", webhook.group())
                  .set("enabled", webhook.enabled() ? 1 : 0)
                  .set("created_by", webhook.createdBy())
                  .update();
              return watchEnds(tx);
            });
  }

  @Override
  public Optional<Webhook> rotate(String id, String secret, Duration overlap) {
    return database.write(
        ConnectionUse.CALLERS,
        tx -> {
          int rows =
              tx.sql(ROTATE)
                  .set("id", id)
                  .set("secret", secret)
                  .set("until", tx.now() + Micros.of(overlap))
                  .update();
          return rows == 0
              ? Optional.<Webhook>empty()
              : tx.sql(FIND).set("id", id).first(SqlWebhooks::webhook);
        });
  }

  @Override
  public boolean remove(String id) {
    return database.write(
        ConnectionUse.CALLERS,
        tx -> {
          boolean isRemoved = tx.sql(REMOVE).set("id", id).update() == 1;
          watchEnds(tx);
          return isRemoved;
        });
  }

  /**
   * Updates the trigger, in the transaction that changed the webhooks, so that no end is missed in
   * between.
   */
  private boolean watchEnds(Tx tx) {
    boolean isWanted =
        tx.sql(ALL).list(SqlWebhooks::webhook).stream()
            .filter(Webhook::enabled)
            .flatMap(webhook -> webhook.events().stream())
            .anyMatch(WebhookEvent::isEnd);
    dialect.watchEnds(tx, isWanted);
    return isWanted;
  }

  private static String words(Webhook webhook) {
    return Json.write(webhook.events().stream().map(WebhookEvent::word).sorted().toList());
  }

  @Override
  public Optional<Webhook> find(String id) {
    return database.read(
        ConnectionUse.CALLERS,
        session -> session.sql(FIND).set("id", id).first(SqlWebhooks::webhook));
  }

  @Override
  public List<Webhook> list() {
    return database.read(
        ConnectionUse.CALLERS, session -> session.sql(ALL).list(SqlWebhooks::webhook));
  }

  private static Webhook webhook(Row row) {
    return new Webhook(
        row.text("id"),
        row.text("url"),
        row.text("secret"),
        oldSecret(row),
        Json.texts(row.text("events")).stream()
            .flatMap(word -> WebhookEvent.find(word).stream()) // newer nodes may know more
            .collect(Collectors.toSet()),
        row.maybeText("queue"),
        row.maybeText("type"),
        row.maybeText("job_group"),
        row.number("enabled") == 1,
        row.text("created_by"));
  }

  private static Optional<OldSecret> oldSecret(Row row) {
    return row.maybeText("old_secret")
        .map(secret -> new OldSecret(secret, row.instant("old_secret_until")));
  }

  /**
   * Records events. Checks subscriptions first, as usually there are none and nothing is to be
   * written.
   */
  @Override
  public void tell(List<Happening> happenings) {
    List<Happening> wanted =
        database.read(
            ConnectionUse.DUTIES,
            session ->
                happenings.stream()
                    .filter(happening -> Deliveries.isWanted(session, happening.event()))
                    .toList());
    if (!wanted.isEmpty()) {
      int unused =
          database.write(
              ConnectionUse.DUTIES,
              tx ->
                  wanted.stream()
                      .mapToInt(happening -> Deliveries.tell(tx, happening, tx.now()))
                      .sum());
    }
  }

  @Override
  public Optional<WebhookDelivery> tell(String webhook, Happening happening) {
    return database.write(ConnectionUse.CALLERS, tx -> Deliveries.tellOne(tx, webhook, happening));
  }

  @Override
  public List<WebhookDelivery> waiting(int limit) {
    return database.read(ConnectionUse.DUTIES, session -> Deliveries.waiting(session, limit));
  }

  @Override
  public boolean enqueue(long delivery, JobDraft job) {
    return database.write(
        ConnectionUse.DUTIES,
        tx -> {
          boolean isFirst = Deliveries.give(tx, delivery, job.id());
          if (isFirst) {
            enqueues.enqueue(tx, List.of(job));
          }
          return isFirst;
        });
  }

  @Override
  public boolean enqueueAgain(long delivery, JobId instead, JobDraft job) {
    return database.write(
        ConnectionUse.CALLERS,
        tx -> {
          boolean isStill = Deliveries.giveAnother(tx, delivery, instead, job.id());
          if (isStill) {
            enqueues.enqueue(tx, List.of(job));
          }
          return isStill;
        });
  }

  @Override
  public Optional<WebhookDelivery> delivery(long number) {
    return database.read(ConnectionUse.DUTIES, session -> Deliveries.find(session, number));
  }

  @Override
  public List<WebhookDelivery> deliveries(String webhook, Optional<Long> before, int limit) {
    return database.read(
        ConnectionUse.CALLERS, session -> Deliveries.newest(session, webhook, before, limit));
  }

  @Override
  public int forget(Duration age, int limit) {
    return database.write(
        ConnectionUse.DUTIES,
        tx -> {
          tx.sql(FORGET_SECRETS).set("now", tx.now()).update();
          return Deliveries.forget(tx, tx.now() - Micros.of(age), limit);
        });
  }
}
