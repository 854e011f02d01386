package dev.holdfast.http.client;

import static dev.holdfast.http.client.Request.encoded;

import dev.holdfast.NewJob;
import dev.holdfast.QueueSettings;
import dev.holdfast.QueueSummary;
import dev.holdfast.Queues;
import dev.holdfast.RunNext;
import dev.holdfast.http.Json;
import dev.holdfast.http.wire.QueueJson;
import dev.holdfast.http.wire.QueueSettingsJson;
import dev.holdfast.http.wire.RunNextJson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Reads and changes queue settings and type limits through a server. Thread-safe. */
final class HttpQueues implements Queues {
  private final Transport transport;

  HttpQueues(Transport transport) {
    this.transport = transport;
  }

  @Override
  public QueueSettings settings(String queue) {
    String name = queueNamed(queue);
    return transport
        .ifThere(
            Request.get("/queues/" + encoded(name)),
            answer -> answer.read(QueueSettingsJson.class, QueueSettingsJson::settings))
        .orElseGet(QueueSettings::defaults);
  }

  /** Validates the name of a queue. */
  private static String queueNamed(String name) {
    return NewJob.of("any", null).on(name).queue();
  }

  /** Sends only settings that differ, so that others may change the rest meanwhile. */
  @Override
  public QueueSettings configure(String queue, UnaryOperator<QueueSettings> change) {
    QueueSettings before = settings(queue);
    Map<String, @Nullable Object> wanted = fields(change.apply(before));
    fields(before).forEach(wanted::remove);
    Request request = Request.patch("/queues/" + encoded(queue), wanted).harmless().slow();
    return transport.call(request).read(QueueSettingsJson.class, QueueSettingsJson::settings);
  }

  private static Map<String, @Nullable Object> fields(QueueSettings settings) {
    return Json.fields(QueueSettingsJson.of(settings));
  }

  @Override
  public boolean pause(String queue, String by) {
    return tell(queue, "pause");
  }

  @Override
  public boolean resume(String queue) {
    return tell(queue, "resume");
  }

  private boolean tell(String queue, String what) {
    return transport
        .call(Request.post("/queues/" + encoded(queueNamed(queue)) + "/" + what))
        .read(answer -> answer.flag("changed"));
  }

  @Override
  public void limitType(String type, @Nullable Integer concurrency) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("concurrency", concurrency);
    String name = NewJob.of(type, null).type();
    Reply unused = transport.call(Request.put("/limits/" + encoded(name), fields));
  }

  @Override
  public Map<String, Integer> typeLimits() {
    Map<String, Integer> limits = new LinkedHashMap<>();
    transport
        .call(Request.get("/limits"))
        .read(answer -> answer.numbers("limits"))
        .forEach((type, most) -> limits.put(type, Math.toIntExact(most)));
    return limits;
  }

  @Override
  public RunNext runNext(String queue, String by) {
    return transport
        .call(Request.post("/queues/" + encoded(queueNamed(queue)) + "/run-next"))
        .read(RunNextJson.class, RunNextJson::next);
  }

  @Override
  public List<QueueSummary> list() {
    return transport
        .call(Request.get("/queues"))
        .list("queues", QueueJson.class, QueueJson::summary);
  }
}
