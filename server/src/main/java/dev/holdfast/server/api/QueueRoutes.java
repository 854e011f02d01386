package dev.holdfast.server.api;

import static dev.holdfast.server.access.Permission.OPERATE;
import static dev.holdfast.server.access.Permission.SEE;
import static dev.holdfast.server.route.Method.GET;
import static dev.holdfast.server.route.Method.PATCH;
import static dev.holdfast.server.route.Method.POST;

import dev.holdfast.ClaimOrder;
import dev.holdfast.JobQueue;
import dev.holdfast.QueueSettings;
import dev.holdfast.RunNext;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.error.NotFoundException;
import dev.holdfast.http.Fields;
import dev.holdfast.http.Json;
import dev.holdfast.http.NewJobJson;
import dev.holdfast.http.Rates;
import dev.holdfast.http.wire.QueueJson;
import dev.holdfast.http.wire.QueueSettingsJson;
import dev.holdfast.http.wire.RunNextJson;
import dev.holdfast.search.JobField;
import dev.holdfast.server.route.Answer;
import dev.holdfast.server.route.Call;
import dev.holdfast.server.route.Handler;
import dev.holdfast.server.route.Route;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Routes for queues: settings, pause, manual mode. */
public final class QueueRoutes {
  private static final String PATH = "/api/v1/queues";
  private static final String ONE = PATH + "/{queue}";
  private static final int BYTES_MAX = 64 << 10;
  private static final Set<String> SETTINGS =
      new TreeSet<>(
          Set.of(
              "order", "manual", "concurrency", "concurrency_per_group", "rate", "indexed_fields"));

  private final JobQueue queue;

  /** Creates the routes to the queues of this {@link JobQueue}. */
  public QueueRoutes(JobQueue queue) {
    this.queue = queue;
  }

  /** Returns the routes. */
  public List<Route> routes() {
    return List.of(
        Route.of(GET, PATH, this::list).needs(SEE),
        Route.of(GET, ONE, this::find).needs(SEE),
        Route.of(PATCH, ONE, this::configure).needs(OPERATE).body(BYTES_MAX),
        Route.of(POST, ONE + "/pause", pausing(true)).needs(OPERATE),
        Route.of(POST, ONE + "/resume", pausing(false)).needs(OPERATE),
        Route.of(POST, ONE + "/run-next", this::runNext).needs(OPERATE));
  }

  private Answer list(Call call) {
    return Answer.ok(Map.of("queues", queue.queues().list().stream().map(QueueJson::of).toList()));
  }

  private Answer find(Call call) {
    String name = call.variable("queue");
    return Answer.ok(
        queue.queues().list().stream()
            .filter(one -> one.name().equals(name))
            .findFirst()
            .map(QueueJson::of)
            .orElseThrow(
                () ->
                    new NotFoundException(
                        "there is no queue of this name with settings, jobs or workers")));
  }

  private Answer configure(Call call) {
    String name = call.variable("queue");
    Fields fields = call.object();
    NewJobJson.checkFields("the body", fields.node(), SETTINGS);
    QueueSettings unused = changed(fields, QueueSettings.defaults()); // report errors first
    return Answer.ok(settings(name, queue.queues().configure(name, now -> changed(fields, now))));
  }

  private static Map<String, @Nullable Object> settings(String name, QueueSettings settings) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("queue", name);
    fields.putAll(Json.fields(QueueSettingsJson.of(settings)));
    return fields;
  }

  /** Applies changes; omitted settings stay as they are, and null removes a limit. */
  private static QueueSettings changed(Fields fields, QueueSettings now) {
    QueueSettings changed = now;
    if (fields.has("order")) {
      changed = changed.order(fields.word("order", ClaimOrder.class));
    }
    if (fields.has("manual")) {
      changed = changed.manual(yesOrNo(fields));
    }
    if (fields.has("concurrency")) {
      changed = changed.concurrency(limit(fields, "concurrency").orElse(null));
    }
    if (fields.has("concurrency_per_group")) {
      changed = changed.concurrencyPerGroup(limit(fields, "concurrency_per_group").orElse(null));
    }
    if (fields.has("indexed_fields")) {
      changed =
          changed.indexedFields(
              fields.texts("indexed_fields").stream().map(JobField::parse).toList());
    }
    return fields.has("rate")
        ? changed.rate(fields.maybeText("rate").map(Rates::parse).orElse(null))
        : changed;
  }

  private static boolean yesOrNo(Fields fields) {
    JsonNode value = fields.any("manual");
    if (!value.isBoolean()) {
      throw new InvalidRequestException(
          "field 'manual' must be true or false, was %s".formatted(value.getNodeType()));
    }
    return value.booleanValue();
  }

  private static Optional<Integer> limit(Fields fields, String name) {
    return fields.isNull(name) ? Optional.empty() : Optional.of(fields.count(name));
  }

  private Handler pausing(boolean isPause) {
    return call -> {
      String name = call.variable("queue");
      boolean isChanged =
          isPause ? queue.queues().pause(name, call.by()) : queue.queues().resume(name);
      return Answer.ok(Map.of("queue", name, "paused", isPause, "changed", isChanged));
    };
  }

  private Answer runNext(Call call) {
    RunNext next = queue.queues().runNext(call.variable("queue"), call.by());
    return Answer.json(next.started() ? 200 : 409, RunNextJson.of(next));
  }
}
