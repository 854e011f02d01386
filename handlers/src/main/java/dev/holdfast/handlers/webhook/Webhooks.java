package dev.holdfast.handlers.webhook;

import dev.holdfast.HandlerPolicy;
import dev.holdfast.Holdfast;
import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import dev.holdfast.RetryPolicy;
import dev.holdfast.Waits;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.handlers.outbound.Outbound;
import dev.holdfast.spi.TimeSource;
import dev.holdfast.spi.record.JobDraft;
import dev.holdfast.spi.server.ServerStores;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Adds webhook deliveries to a node. */
public final class Webhooks {
  /** The type of the jobs that deliver. */
  public static final String TYPE = "holdfast.webhook";

  /** The queue of these jobs. */
  public static final String QUEUE = "holdfast.webhooks";

  private static final Duration ATTEMPT_MAX = Duration.ofMinutes(1);
  private static final double MULTIPLIER = 4;
  private static final double JITTER = 0.1;

  private Webhooks() {}

  /**
   * Settings of deliveries.
   *
   * @param mayCallLoopback whether this machine itself may be called, for tests; default no
   * @param maxAttempts number of attempts; default 9, which takes about 14 hours
   * @param initialDelay between the first attempt and the second; default 5 seconds
   * @param maxDelay the longest delay between two; default 6 hours
   * @param alertInterval how often alerts are measured; default 15 seconds
   */
  public record Config(
      boolean mayCallLoopback,
      int maxAttempts,
      Duration initialDelay,
      Duration maxDelay,
      Duration alertInterval) {
    /** Returns the defaults. */
    public static Config defaults() {
      return new Config(
          false, 9, Duration.ofSeconds(5), Duration.ofHours(6), Duration.ofSeconds(15));
    }
  }

  /**
   * Adds deliveries to a node that was not started yet; {@link #QUEUE} must be among its queues.
   *
   * @param redaction removes secrets from the data, a JSON object
   */
  public static void addTo(
      Holdfast holdfast, Config config, UnaryOperator<String> redaction, TimeSource time) {
    ServerStores stores = holdfast.embedding().server();
    HandlerPolicy policy =
        HandlerPolicy.defaults()
            .timeout(ATTEMPT_MAX)
            .retry(
                RetryPolicy.exponential()
                    .from(config.initialDelay())
                    .times(MULTIPLIER)
                    .upTo(config.maxDelay())
                    .jitter(JITTER));
    holdfast
        .handle(
            TYPE,
            WebhookPayload.class,
            new WebhookHandler(
                stores.webhooks(), new Outbound(config.mayCallLoopback(), time), redaction, time),
            policy)
        .duty(
            "webhooks",
            new Relay(stores.webhooks(), holdfast.queue()::newId, config.maxAttempts(), time))
        .duty("alerts", new AlertWatch(stores.alerts(), config.alertInterval()));
  }

  /**
   * Checks that a caller of the server does not enqueue a delivery: it sends data of any job.
   *
   * @throws InvalidRequestException if the job is one
   */
  public static void checkIsNoDelivery(NewJob job) {
    if (job.type().equals(TYPE)) {
      throw new InvalidRequestException(
          "jobs of the type '%s' are made by the server: use a webhook's deliveries"
              .formatted(TYPE));
    }
  }

  /** Creates the job for a delivery. */
  public static JobDraft job(JobId id, long delivery, int attempts) {
    return new JobDraft(
        id,
        QUEUE,
        TYPE,
        "{\"delivery\":" + delivery + "}",
        1,
        0,
        Optional.empty(),
        Optional.empty(),
        attempts,
        Optional.empty(),
        Optional.empty(),
        Duration.ZERO,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of("webhooks"),
        Waits.none());
  }
}
