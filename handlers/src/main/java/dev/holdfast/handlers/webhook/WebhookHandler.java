package dev.holdfast.handlers.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.Failure;
import dev.holdfast.JobContext;
import dev.holdfast.JobHandler;
import dev.holdfast.Outcome;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.handlers.outbound.ForbiddenAddressException;
import dev.holdfast.handlers.outbound.Outbound;
import dev.holdfast.handlers.outbound.RetryAfter;
import dev.holdfast.handlers.outbound.Target;
import dev.holdfast.spi.TimeSource;
import dev.holdfast.spi.server.Webhook;
import dev.holdfast.spi.server.WebhookDelivery;
import dev.holdfast.spi.server.WebhookStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Delivers one message. Any 2xx is success; 410 means that the receiver wants no more, and ends it;
 * everything else fails the attempt. If the webhook is gone or disabled, the job completes without
 * a call.
 */
final class WebhookHandler implements JobHandler<WebhookPayload> {
  static final Duration ANSWER_MAX = Duration.ofSeconds(15);
  private static final int GONE = 410;
  private static final int TOO_MANY = 429;
  private static final int UNAVAILABLE = 503;

  private final WebhookStore webhooks;
  private final Outbound outbound;
  private final UnaryOperator<String> redaction;
  private final TimeSource time;

  WebhookHandler(
      WebhookStore webhooks, Outbound outbound, UnaryOperator<String> redaction, TimeSource time) {
    this.webhooks = webhooks;
    this.outbound = outbound;
    this.redaction = redaction;
    this.time = time;
  }

  @Override
  public Object run(WebhookPayload payload, JobContext job) {
    Optional<WebhookDelivery> delivery = webhooks.delivery(payload.delivery());
    Optional<Webhook> webhook = delivery.flatMap(known -> webhooks.find(known.webhook()));
    if (webhook.isEmpty() || !webhook.get().enabled()) {
      return Map.of("skipped", "the webhook is removed or disabled");
    }
    return deliver(delivery.orElseThrow(), webhook.get(), job);
  }

  private Object deliver(WebhookDelivery delivery, Webhook webhook, JobContext job) {
    long startedTicks = time.ticks();
    try {
      Message message = Message.of(delivery, redaction.apply(delivery.data()));
      Outbound.Answer answer =
          outbound.post(
              Target.of(webhook.url()),
              fields(message, webhook),
              message.body().getBytes(UTF_8),
              ANSWER_MAX,
              job::onCancel);
      return end(answer, Duration.ofNanos(time.ticks() - startedTicks));
    } catch (InvalidRequestException | ForbiddenAddressException refused) {
      return new Outcome.GaveUp(
          Failure.of(Failure.Kind.NOT_RETRYABLE, String.valueOf(refused.getMessage())));
    } catch (IOException failure) {
      return failed("the receiver could not be reached: " + reason(failure));
    }
  }

  private Map<String, String> fields(Message message, Webhook webhook) {
    Instant now = time.now();
    long seconds = now.getEpochSecond();
    return Map.of(
        "Content-Type",
        "application/json",
        "User-Agent",
        "Holdfast",
        "webhook-id",
        message.id(),
        "webhook-timestamp",
        Long.toString(seconds),
        "webhook-signature",
        Signing.sign(webhook.secretsAt(now), message.id(), seconds, message.body()));
  }

  private Object end(Outbound.Answer answer, Duration took) {
    int status = answer.status();
    if (status / 100 == 2) {
      Map<String, Object> result = new LinkedHashMap<>();
      result.put("status", status);
      result.put("millis", took.toMillis());
      return result;
    }
    String how = "the receiver responded " + status;
    if (status == GONE) {
      return new Outcome.GaveUp(Failure.of(Failure.Kind.NOT_RETRYABLE, how + ": it wants no more"));
    }
    Optional<Duration> later =
        status == TOO_MANY || status == UNAVAILABLE
            ? answer.field("retry-after").flatMap(text -> RetryAfter.parse(text, time.now()))
            : Optional.empty();
    return later
        .<Object>map(delay -> Outcome.retryIn(delay, how))
        .orElseGet(() -> failed(how + (status / 100 == 3 ? " (redirects are not followed)" : "")));
  }

  private static Outcome failed(String how) {
    return new Outcome.Failed(Failure.of(Failure.Kind.ERROR, how));
  }

  private static String reason(IOException failure) {
    return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
  }
}
