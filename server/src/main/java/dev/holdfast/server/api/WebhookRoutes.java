package dev.holdfast.server.api;

import static dev.holdfast.server.access.Permission.ADMINISTER;
import static dev.holdfast.server.route.Method.DELETE;
import static dev.holdfast.server.route.Method.GET;
import static dev.holdfast.server.route.Method.PATCH;
import static dev.holdfast.server.route.Method.POST;

import dev.holdfast.JobId;
import dev.holdfast.check.Durations;
import dev.holdfast.check.Limits;
import dev.holdfast.check.Printable;
import dev.holdfast.error.ConflictException;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.error.NotFoundException;
import dev.holdfast.handlers.outbound.Outbound;
import dev.holdfast.handlers.outbound.Target;
import dev.holdfast.handlers.webhook.Signing;
import dev.holdfast.handlers.webhook.Webhooks;
import dev.holdfast.http.DeliveryRedaction;
import dev.holdfast.http.Fields;
import dev.holdfast.http.Json;
import dev.holdfast.http.NewJobJson;
import dev.holdfast.http.WebhookJson;
import dev.holdfast.server.route.Answer;
import dev.holdfast.server.route.Call;
import dev.holdfast.server.route.Route;
import dev.holdfast.spi.record.JobDraft;
import dev.holdfast.spi.server.Happening;
import dev.holdfast.spi.server.Webhook;
import dev.holdfast.spi.server.WebhookDelivery;
import dev.holdfast.spi.server.WebhookEvent;
import dev.holdfast.spi.server.WebhookStore;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Routes for webhooks and their deliveries. */
public final class WebhookRoutes {
  private static final String PATH = "/api/v1/webhooks";
  private static final String ONE = PATH + "/{id}";
  private static final int BYTES_MAX = 16 << 10;
  private static final int PAGE = 100;
  private static final int NAME_CHARS_MAX = 200;
  private static final Set<String> CHANGEABLE =
      Set.of("url", "events", "queue", "type", "group", "enabled");
  private static final Set<String> ROTATION = Set.of("overlap", "secret");
  private static final Duration OVERLAP = Duration.ofHours(24);
  private static final Duration OVERLAP_MAX = Duration.ofDays(30);
  private static final Set<String> GIVEN =
      Set.of("url", "events", "queue", "type", "group", "enabled", "secret");

  private final WebhookStore webhooks;
  private final Supplier<JobId> ids;
  private final int attempts;
  private final DeliveryRedaction redaction;
  private final boolean mayCallLoopback;

  /**
   * @param ids generates new ids
   * @param attempts the maximum number of attempts of a delivery
   * @param redaction the values to remove from deliveries
   * @param mayCallLoopback whether webhooks may call this machine itself
   */
  public WebhookRoutes(
      WebhookStore webhooks,
      Supplier<JobId> ids,
      int attempts,
      DeliveryRedaction redaction,
      boolean mayCallLoopback) {
    this.webhooks = webhooks;
    this.ids = ids;
    this.attempts = attempts;
    this.redaction = redaction;
    this.mayCallLoopback = mayCallLoopback;
  }

  /** Returns the routes. */
  public List<Route> routes() {
    return List.of(
        Route.of(POST, PATH, this::create).needs(ADMINISTER).body(BYTES_MAX),
        Route.of(GET, PATH, this::list).needs(ADMINISTER),
        Route.of(GET, ONE, this::find).needs(ADMINISTER),
        Route.of(PATCH, ONE, this::change).needs(ADMINISTER).body(BYTES_MAX),
        Route.of(DELETE, ONE, this::remove).needs(ADMINISTER),
        Route.of(POST, ONE + "/rotate-secret", this::rotate)
            .needs(ADMINISTER)
            .optionalBody(BYTES_MAX),
        Route.of(POST, ONE + "/test", this::test).needs(ADMINISTER),
        Route.of(GET, ONE + "/deliveries", this::deliveries)
            .needs(ADMINISTER)
            .query("before", "limit"),
        Route.of(POST, ONE + "/deliveries/{delivery}/redeliver", this::redeliver)
            .needs(ADMINISTER));
  }

  /** Creates a webhook; only this response contains the secret. */
  private Answer create(Call call) {
    Fields fields = call.object();
    NewJobJson.checkFields("the body", fields.node(), GIVEN);
    Webhook blank =
        new Webhook(
            ids.get().toString(),
            fields.text("url"),
            fields.maybeText("secret").orElseGet(Signing::newSecret),
            Optional.empty(),
            events(fields),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            true,
            call.by());
    Webhook webhook = with(blank, fields);
    Signing.check(webhook.secret());
    webhooks.put(webhook);
    call.changed(List.of(webhook.id()));
    return Answer.json(201, withSecret(webhook)).header("Location", PATH + "/" + webhook.id());
  }

  /** Rotates the secret; only this response contains the new one. */
  private Answer rotate(Call call) {
    Fields fields = call.object();
    NewJobJson.checkFields("the body", fields.node(), ROTATION);
    Duration overlap = fields.maybeText("overlap").map(Durations::parse).orElse(OVERLAP);
    if (overlap.isNegative() || overlap.compareTo(OVERLAP_MAX) > 0) {
      throw new InvalidRequestException(
          "field 'overlap' is %s, expected 0s to %s"
              .formatted(Durations.write(overlap), Durations.write(OVERLAP_MAX)));
    }
    String secret = fields.maybeText("secret").orElseGet(Signing::newSecret);
    Signing.check(secret);
    Webhook webhook =
        webhooks.rotate(call.variable("id"), secret, overlap).orElseThrow(() -> unknown(call));
    return Answer.ok(withSecret(webhook));
  }

  private static Map<String, @Nullable Object> withSecret(Webhook webhook) {
    Map<String, @Nullable Object> answer = new LinkedHashMap<>(WebhookJson.of(webhook));
    answer.put("secret", webhook.secret());
    return answer;
  }

  private Answer change(Call call) {
    Fields fields = call.object();
    NewJobJson.checkFields("the body", fields.node(), CHANGEABLE);
    Webhook webhook = with(get(call), fields);
    webhooks.put(webhook);
    return Answer.ok(WebhookJson.of(get(call)));
  }

  /** Returns a copy with the given fields; null removes a filter. */
  private Webhook with(Webhook webhook, Fields fields) {
    Webhook changed =
        new Webhook(
            webhook.id(),
            fields.has("url") ? fields.text("url") : webhook.url(),
            webhook.secret(),
            webhook.oldSecret(),
            fields.has("events") ? events(fields) : webhook.events(),
            filter(fields, "queue", webhook.queue()),
            filter(fields, "type", webhook.type()),
            filter(fields, "group", webhook.group()),
            fields.has("enabled") ? yesOrNo(fields, "enabled") : webhook.enabled(),
            webhook.createdBy());
    if (fields.has("url")) {
      Outbound.check(Target.of(changed.url()), mayCallLoopback);
    }
    return changed;
  }

  private static Optional<String> filter(Fields fields, String name, Optional<String> otherwise) {
    Optional<String> given = fields.has(name) ? fields.maybeText(name) : otherwise;
    given
        .filter(text -> text.isEmpty() || text.length() > NAME_CHARS_MAX)
        .ifPresent(
            text -> {
              throw new InvalidRequestException(
                  "field '%s' must have 1 to %d characters".formatted(name, NAME_CHARS_MAX));
            });
    return given;
  }

  private static boolean yesOrNo(Fields fields, String name) {
    if (!fields.any(name).isBoolean()) {
      throw new InvalidRequestException("field '%s' must be true or false".formatted(name));
    }
    return fields.any(name).booleanValue();
  }

  private static Set<WebhookEvent> events(Fields fields) {
    Set<WebhookEvent> events =
        fields.texts("events").stream().map(WebhookRoutes::event).collect(Collectors.toSet());
    if (events.isEmpty()) {
      throw new InvalidRequestException("field 'events' is empty: expected at least one");
    }
    return events;
  }

  private static WebhookEvent event(String word) {
    return WebhookEvent.find(word)
        .orElseThrow(
            () ->
                new InvalidRequestException(
                    "unknown event %s: expected some of %s"
                        .formatted(
                            Printable.quoted(word),
                            Arrays.stream(WebhookEvent.values())
                                .map(WebhookEvent::word)
                                .toList())));
  }

  private Answer list(Call call) {
    return Answer.ok(Map.of("webhooks", webhooks.list().stream().map(WebhookJson::of).toList()));
  }

  private Answer find(Call call) {
    return Answer.ok(WebhookJson.of(get(call)));
  }

  private Webhook get(Call call) {
    return webhooks.find(call.variable("id")).orElseThrow(() -> unknown(call));
  }

  private static NotFoundException unknown(Call call) {
    return new NotFoundException(
        "there is no webhook %s".formatted(Printable.quoted(call.variable("id"))));
  }

  private Answer remove(Call call) {
    if (!webhooks.remove(call.variable("id"))) {
      throw unknown(call);
    }
    return Answer.nothing();
  }

  private Answer test(Call call) {
    String data = Json.write(Map.of("asked_by", call.by()));
    WebhookDelivery delivery =
        webhooks
            .tell(call.variable("id"), Happening.of(WebhookEvent.TEST, ids.get().toString(), data))
            .orElseThrow(() -> unknown(call));
    return Answer.json(202, WebhookJson.of(delivery, redaction));
  }

  private Answer deliveries(Call call) {
    Webhook webhook = get(call);
    int limit = call.query().number("limit", 1, Limits.PAGE_MAX, PAGE);
    List<WebhookDelivery> found =
        webhooks.deliveries(
            webhook.id(),
            call.query().text("before").map(text -> number("before", text)),
            limit + 1);
    List<WebhookDelivery> page = found.subList(0, Math.min(limit, found.size()));
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("deliveries", page.stream().map(one -> WebhookJson.of(one, redaction)).toList());
    fields.put("next", found.size() > limit ? page.get(limit - 1).number() : null);
    return Answer.ok(fields);
  }

  private static long number(String what, String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException notOne) {
      throw new InvalidRequestException(
          "%s is %s, expected a whole number".formatted(what, Printable.quoted(text)), notOne);
    }
  }

  private Answer redeliver(Call call) {
    Webhook webhook = get(call);
    long number = number("the delivery", call.variable("delivery"));
    WebhookDelivery delivery =
        webhooks
            .delivery(number)
            .filter(known -> known.webhook().equals(webhook.id()))
            .orElseThrow(
                () -> new NotFoundException("this webhook has no delivery %d".formatted(number)));
    JobDraft job = Webhooks.job(ids.get(), number, attempts);
    boolean isAgain =
        !delivery.isUnderWay() && webhooks.enqueueAgain(number, delivery.job().orElseThrow(), job);
    if (!isAgain) {
      throw new ConflictException(
          "delivery %d is in progress: it can be delivered again once that has ended"
              .formatted(number));
    }
    return Answer.json(202, WebhookJson.of(webhooks.delivery(number).orElse(delivery), redaction));
  }
}
