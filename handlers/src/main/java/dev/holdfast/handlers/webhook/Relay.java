package dev.holdfast.handlers.webhook;

import dev.holdfast.JobId;
import dev.holdfast.spi.Duty;
import dev.holdfast.spi.TimeSource;
import dev.holdfast.spi.server.WebhookDelivery;
import dev.holdfast.spi.server.WebhookStore;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * Enqueues a job for each delivery without one, and removes old deliveries. All nodes try; the
 * store lets one win.
 */
final class Relay implements Duty {
  static final Duration KEPT = Duration.ofDays(14);
  private static final Duration INTERVAL = Duration.ofMillis(500);
  private static final Duration SWEEP_INTERVAL = Duration.ofMinutes(10);
  private static final int BATCH = 200;
  private static final int SWEEP = 500;

  private final WebhookStore webhooks;
  private final Supplier<JobId> ids;
  private final int attempts;
  private final TimeSource time;
  private long sweptTicks;

  Relay(WebhookStore webhooks, Supplier<JobId> ids, int attempts, TimeSource time) {
    this.webhooks = webhooks;
    this.ids = ids;
    this.attempts = attempts;
    this.time = time;
    this.sweptTicks = time.ticks();
  }

  @Override
  public Duration run() {
    List<WebhookDelivery> waiting = webhooks.waiting(BATCH);
    for (WebhookDelivery delivery : waiting) {
      boolean unused =
          webhooks.enqueue(delivery.number(), Webhooks.job(ids.get(), delivery.number(), attempts));
    }
    if (time.ticks() - sweptTicks >= SWEEP_INTERVAL.toNanos()
        && webhooks.forget(KEPT, SWEEP) == 0) {
      sweptTicks = time.ticks();
    }
    return waiting.size() < BATCH ? INTERVAL : Duration.ZERO;
  }
}
