package dev.holdfast.jdbc.server;

import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.jdbc.dialect.Tx;
import dev.holdfast.jdbc.sql.Bound;
import dev.holdfast.jdbc.sql.Json;
import dev.holdfast.jdbc.sql.Row;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.Death;
import dev.holdfast.spi.server.Happening;
import dev.holdfast.spi.server.WebhookDelivery;
import dev.holdfast.spi.server.WebhookEvent;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Records deliveries to webhooks. The ends of jobs are recorded by a trigger of the dialect,
 * everything else here.
 */
public final class Deliveries {
  private static final Sql COUNT_WANTING =
      Sql.of("select count(*) from webhooks where enabled = 1 and events like :pattern");

  private static final Sql TELL =
      Sql.of(
          """
          insert into webhook_deliveries (webhook, event, subject, at, data)
          select w.id, :event, :subject, :now, :data from webhooks w
           where w.enabled = 1 and w.events like :pattern
              on conflict do nothing
          """);

  private static final Sql TELL_OF_JOB =
      Sql.of(
          """
          insert into webhook_deliveries (webhook, event, subject, at, data)
          select w.id, :event, :subject, :now, :data
            from webhooks w, jobs j
           where j.id = :job and w.enabled = 1 and w.events like :pattern
             and (w.queue is null or w.queue = j.queue)
             and (w.type is null or w.type = j.type)
             and (w.job_group is null or w.job_group = j.job_group)
              on conflict do nothing
          """);

  private static final Sql TELL_ONE =
      Sql.of(
          """
          insert into webhook_deliveries (webhook, event, subject, at, data)
          select w.id, :event, :subject, :now, :data from webhooks w where w.id = :webhook
              on conflict do nothing
          """);

  private static final Sql FIND_TOLD =
      Sql.of(
          """
          select d.*, j.state from webhook_deliveries d left join jobs j on j.id = d.job_id
           where d.webhook = :webhook and d.event = :event and d.subject = :subject
          """);

  private static final Sql FIND =
      Sql.of(
          """
          select d.*, j.state from webhook_deliveries d left join jobs j on j.id = d.job_id
           where d.number = :number
          """);

  private static final Sql WAITING =
      Sql.of(
          """
          select d.*, null as state from webhook_deliveries d
           where d.job_id is null order by d.number limit :limit
          """);

  private static final Sql NEWEST =
      Sql.of(
          """
          select d.*, j.state from webhook_deliveries d left join jobs j on j.id = d.job_id
           where d.webhook = :webhook and d.number < :before order by d.number desc limit :limit
          """);

  private static final Sql GIVE =
      Sql.of(
          """
          update webhook_deliveries set job_id = :job where number = :number and job_id is null
          """);

  private static final Sql GIVE_ANOTHER =
      Sql.of(
          """
          update webhook_deliveries set job_id = :job
           where number = :number and job_id = :instead
          """);

  /** Skips those that must stay, so that they do not block the removal of others. */
  private static final Sql FORGET =
      Sql.of(
          """
          delete from webhook_deliveries
           where number in
             (select d.number from webhook_deliveries d
               where d.at < :before and d.job_id is not null
                 and not exists (select 1 from jobs j
                                  where j.id = d.job_id
                                    and j.state not in ('COMPLETED', 'FAILED', 'CANCELLED'))
               order by d.at limit :limit)
          """);

  private Deliveries() {}

  private static String pattern(WebhookEvent event) {
    return "%\"" + event.word() + "\"%";
  }

  public static boolean isWanted(Session session, WebhookEvent event) {
    return session.sql(COUNT_WANTING).set("pattern", pattern(event)).number() > 0;
  }

  /**
   * Records the deliveries of an event.
   *
   * @param at when it happened, in microseconds
   * @return how many
   */
  public static int tell(Tx tx, Happening happening, long at) {
    Bound statement =
        happening.job().isEmpty()
            ? tx.sql(TELL)
            : tx.sql(TELL_OF_JOB).set("job", happening.job().get());
    return told(statement, happening, at).set("pattern", pattern(happening.event())).update();
  }

  public static Optional<WebhookDelivery> tellOne(Tx tx, String webhook, Happening happening) {
    int rows = told(tx.sql(TELL_ONE), happening, tx.now()).set("webhook", webhook).update();
    return rows == 0
        ? Optional.empty()
        : tx.sql(FIND_TOLD)
            .set("webhook", webhook)
            .set("event", happening.event().word())
            .set("subject", happening.subject())
            .first(Deliveries::delivery);
  }

  private static Bound told(Bound statement, Happening happening, long at) {
    return statement
        .set("event", happening.event().word())
        .set("subject", happening.subject())
        .set("data", happening.data())
        .set("now", at);
  }

  /** A node may die several times, as one that was only silent comes back. */
  public static void tellOfLost(Tx tx, Death death) {
    String node = death.node().toString();
    String data = Json.write(Map.of("node", Map.of("id", node, "cause", death.cause())));
    tell(tx, Happening.of(WebhookEvent.NODE_LOST, node + ":" + tx.now(), data), tx.now());
  }

  public static List<WebhookDelivery> waiting(Session session, int limit) {
    return session.sql(WAITING).set("limit", limit).list(Deliveries::delivery);
  }

  public static boolean give(Tx tx, long number, JobId job) {
    return tx.sql(GIVE).set("number", number).set("job", job).update() == 1;
  }

  public static boolean giveAnother(Tx tx, long number, JobId instead, JobId job) {
    return tx.sql(GIVE_ANOTHER)
            .set("number", number)
            .set("instead", instead)
            .set("job", job)
            .update()
        == 1;
  }

  public static Optional<WebhookDelivery> find(Session session, long number) {
    return session.sql(FIND).set("number", number).first(Deliveries::delivery);
  }

  public static List<WebhookDelivery> newest(
      Session session, String webhook, Optional<Long> before, int limit) {
    return session
        .sql(NEWEST)
        .set("webhook", webhook)
        .set("before", before.orElse(Long.MAX_VALUE))
        .set("limit", limit)
        .list(Deliveries::delivery);
  }

  public static int forget(Tx tx, long before, int limit) {
    return tx.sql(FORGET).set("before", before).set("limit", limit).update();
  }

  private static WebhookDelivery delivery(Row row) {
    return new WebhookDelivery(
        row.number("number"),
        row.text("webhook"),
        WebhookEvent.find(row.text("event")).orElse(WebhookEvent.TEST),
        row.text("subject"),
        row.instant("at"),
        row.text("data"),
        row.maybeId("job_id").map(JobId::new),
        row.maybeText("state").map(JobState::valueOf));
  }
}
