package dev.holdfast.test.memory;

import dev.holdfast.Fingerprint;
import dev.holdfast.JobState;
import dev.holdfast.QueueStatus;
import dev.holdfast.spi.server.Alert;
import dev.holdfast.spi.server.AlertRule;
import dev.holdfast.spi.server.AlertRule.Kind;
import dev.holdfast.spi.server.AlertStore;
import dev.holdfast.spi.server.Happening;
import dev.holdfast.spi.server.WebhookEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The alerts of a memory store. */
final class MemoryAlerts implements AlertStore {
  private static final String OURS = "holdfast.webhook";

  private final MemoryJobStore store;
  private final MemoryTables tables;

  MemoryAlerts(MemoryJobStore store, MemoryTables tables) {
    this.store = store;
    this.tables = tables;
  }

  @Override
  public void put(AlertRule rule, String by) {
    boolean unused =
        store.changing(
            (now, signals) -> {
              tables.alerts.put(
                  rule.name(),
                  new Alert(rule, by, Optional.empty(), Optional.empty(), Optional.empty()));
              return true;
            });
  }

  @Override
  public List<Alert> list() {
    return store.locked((now, signals) -> List.copyOf(tables.alerts.values()));
  }

  @Override
  public boolean remove(String name) {
    return store.changing((now, signals) -> tables.alerts.remove(name) != null);
  }

  @Override
  public List<Alert> watch(Duration interval) {
    return store.changing(
        (now, signals) ->
            List.copyOf(tables.alerts.values()).stream()
                .filter(alert -> isDue(alert, now, interval))
                .flatMap(alert -> check(alert, now).stream())
                .toList());
  }

  /** Returns the raised alerts; guarded by the store's lock. */
  List<QueueStatus.Raised> raised() {
    return tables.alerts.values().stream()
        .flatMap(
            alert ->
                alert.raisedAt().stream()
                    .map(at -> new QueueStatus.Raised(alert.rule().name(), at, alert.value())))
        .sorted(
            Comparator.comparing(QueueStatus.Raised::since)
                .thenComparing(QueueStatus.Raised::alert))
        .limit(20)
        .toList();
  }

  private static boolean isDue(Alert alert, Instant now, Duration interval) {
    return alert
        .checkedAt()
        .map(at -> !at.isAfter(now.minus(interval)) || at.isAfter(now))
        .orElse(true);
  }

  private Optional<Alert> check(Alert alert, Instant now) {
    AlertRule rule = alert.rule();
    Optional<Long> value = measure(rule, now);
    boolean isOver = value.map(measured -> measured >= rule.threshold()).orElse(false);
    Optional<Instant> raised =
        isOver ? Optional.of(alert.raisedAt().orElse(now)) : Optional.empty();
    Alert after = new Alert(rule, alert.createdBy(), Optional.of(now), value, raised);
    tables.alerts.put(rule.name(), after);
    if (isOver == alert.raisedAt().isPresent()) {
      return Optional.empty();
    }
    WebhookEvent event = isOver ? WebhookEvent.ALERT_RAISED : WebhookEvent.ALERT_CLEARED;
    tables.deliveries.tell(Happening.of(event, rule.name() + ":" + now, data(rule, value)), now);
    return Optional.of(after);
  }

  private static String data(AlertRule rule, Optional<Long> value) {
    Map<String, Object> alert = new LinkedHashMap<>();
    alert.put("name", rule.name());
    alert.put("kind", rule.kind().name());
    rule.queue().ifPresent(queue -> alert.put("queue", queue));
    rule.type().ifPresent(type -> alert.put("type", type));
    alert.put("over_ms", rule.over().toMillis());
    alert.put("threshold", rule.threshold());
    value.ifPresent(measured -> alert.put("value", measured));
    return MemoryDeliveries.JSON.encode(Map.of("alert", alert));
  }

  private Optional<Long> measure(AlertRule rule, Instant now) {
    Instant from = now.minus(rule.over());
    if (rule.kind() == Kind.RECOVERIES) {
      return Optional.of(tables.recoveries.since(from));
    }
    if (rule.kind() == Kind.QUEUE_AGE) {
      return Optional.of(
          of(rule, JobState.PENDING).filter(row -> row.runAt().isBefore(from)).count());
    }
    if (rule.kind() == Kind.STUCK) {
      return Optional.of(
          of(rule, JobState.RUNNING)
              .filter(row -> row.startedAt().filter(at -> at.isBefore(from)).isPresent())
              .count());
    }
    long failed = made(rule, JobState.FAILED, from, now);
    long ended = failed + made(rule, JobState.COMPLETED, from, now);
    return ended < rule.atLeast() ? Optional.empty() : Optional.of(100 * failed / ended);
  }

  /** Returns the number of muted dead letters; guarded by the store's lock. */
  long muted(Instant now) {
    return tables.in(JobState.FAILED).stream().filter(row -> isMuted(row, now)).count();
  }

  private boolean isMuted(MemoryRow row, Instant now) {
    Fingerprint fingerprint = Fingerprint.of(row.type(), tables.job(row).failure().orElseThrow());
    return Optional.ofNullable(tables.mutes.get(fingerprint))
        .filter(mute -> mute.until().map(now::isBefore).orElse(true))
        .isPresent();
  }

  private long made(AlertRule rule, JobState state, Instant from, Instant now) {
    return of(rule, state)
        .filter(row -> row.id().value().getMostSignificantBits() >>> 16 >= from.toEpochMilli())
        .filter(row -> !row.type().equals(OURS))
        .filter(row -> state != JobState.FAILED || !isMuted(row, now))
        .count();
  }

  private Stream<MemoryRow> of(AlertRule rule, JobState state) {
    return tables.in(state).stream()
        .filter(row -> rule.queue().map(row.queue()::equals).orElse(true))
        .filter(row -> rule.type().map(row.type()::equals).orElse(true));
  }
}
