package dev.holdfast.test.memory;

import dev.holdfast.JobId;
import dev.holdfast.spi.record.JobDraft;
import dev.holdfast.spi.server.Happening;
import dev.holdfast.spi.server.Webhook;
import dev.holdfast.spi.server.Webhook.OldSecret;
import dev.holdfast.spi.server.WebhookDelivery;
import dev.holdfast.spi.server.WebhookStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The webhooks of a memory store. */
final class MemoryWebhooks implements WebhookStore {
  private final MemoryJobStore store;
  private final MemoryDeliveries told;

  MemoryWebhooks(MemoryJobStore store, MemoryTables tables) {
    this.store = store;
    this.told = tables.deliveries;
  }

  @Override
  public void put(Webhook webhook) {
    boolean unused =
        store.changing(
            (now, signals) -> {
              @Nullable Webhook before = told.webhooks.get(webhook.id());
              told.webhooks.put(
                  webhook.id(),
                  before == null
                      ? webhook
                      : webhook.withSecrets(before.secret(), before.oldSecret()));
              return true;
            });
  }

  @Override
  public Optional<Webhook> rotate(String id, String secret, Duration overlap) {
    return store.changing(
        (now, signals) ->
            Optional.ofNullable(
                told.webhooks.computeIfPresent(
                    id,
                    (same, had) ->
                        had.withSecrets(
                            secret, Optional.of(new OldSecret(had.secret(), now.plus(overlap)))))));
  }

  @Override
  public Optional<Webhook> find(String id) {
    return store.locked((now, signals) -> Optional.ofNullable(told.webhooks.get(id)));
  }

  @Override
  public List<Webhook> list() {
    return store.locked((now, signals) -> List.copyOf(told.webhooks.values()));
  }

  @Override
  public boolean remove(String id) {
    return store.changing(
        (now, signals) -> {
          told.rows.values().removeIf(row -> row.webhook().equals(id));
          return told.webhooks.remove(id) != null;
        });
  }

  @Override
  public void tell(List<Happening> happenings) {
    boolean unused =
        store.changing(
            (now, signals) -> {
              happenings.forEach(happening -> told.tell(happening, now));
              return true;
            });
  }

  @Override
  public Optional<WebhookDelivery> tell(String webhook, Happening happening) {
    return store.changing(
        (now, signals) ->
            Optional.ofNullable(told.webhooks.get(webhook))
                .flatMap(known -> told.tell(known, happening, now)));
  }

  @Override
  public List<WebhookDelivery> waiting(int limit) {
    return store.locked(
        (now, signals) ->
            told.rows.values().stream().filter(row -> row.job().isEmpty()).limit(limit).toList());
  }

  @Override
  public boolean enqueue(long delivery, JobDraft job) {
    return enqueueIf(delivery, row -> row.job().isEmpty(), job);
  }

  @Override
  public boolean enqueueAgain(long delivery, JobId instead, JobDraft job) {
    return enqueueIf(delivery, row -> row.job().equals(Optional.of(instead)), job);
  }

  private boolean enqueueIf(long delivery, Predicate<WebhookDelivery> expected, JobDraft job) {
    return store.changing(
        (now, signals) -> {
          @Nullable WebhookDelivery row = told.rows.get(delivery);
          if (row == null || !expected.test(row)) {
            return false;
          }
          told.give(delivery, job.id());
          store.enqueue(List.of(job));
          return true;
        });
  }

  @Override
  public Optional<WebhookDelivery> delivery(long number) {
    return store.locked(
        (now, signals) -> Optional.ofNullable(told.rows.get(number)).map(told::seen));
  }

  @Override
  public List<WebhookDelivery> deliveries(String webhook, Optional<Long> before, int limit) {
    return store.locked(
        (now, signals) ->
            told
                .rows
                .headMap(before.orElse(Long.MAX_VALUE), false)
                .descendingMap()
                .values()
                .stream()
                .filter(row -> row.webhook().equals(webhook))
                .limit(limit)
                .map(told::seen)
                .toList());
  }

  private static Webhook withoutOld(Webhook webhook, Instant now) {
    return webhook.withSecrets(
        webhook.secret(), webhook.oldSecret().filter(old -> now.isBefore(old.until())));
  }

  @Override
  public int forget(Duration age, int limit) {
    return store.changing(
        (now, signals) -> {
          told.webhooks.replaceAll((id, had) -> withoutOld(had, now));
          Instant before = now.minus(age);
          List<Long> old =
              told.rows.values().stream()
                  .filter(row -> row.at().isBefore(before))
                  .map(told::seen)
                  .filter(row -> !row.isUnderWay())
                  .limit(limit)
                  .map(WebhookDelivery::number)
                  .toList();
          old.forEach(told.rows::remove);
          return old.size();
        });
  }
}
