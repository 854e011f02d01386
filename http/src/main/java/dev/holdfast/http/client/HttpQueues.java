package dev.holdfast.http.client;

import static dev.holdfast.http.client.Request.encoded;

import dev.holdfast.NewJob;
import dev.holdfast.QueueSettings;
import dev.holdfast.QueueSummary;
import dev.holdfast.RunNext;
import dev.holdfast.http.QueueJson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** How queues are served, and types limited, through a server. Safe from any thread. */
final class HttpQueues {
  private final Transport transport;

  HttpQueues(Transport transport) {
    this.transport = transport;
  }

  QueueSettings settings(String queue) {
    String name = queueNamed(queue);
    return transport
        .ifThere(
            Request.get("/queues/" + encoded(name)), answer -> answer.read(QueueReader::settings))
        .orElseGet(QueueSettings::defaults);
  }

  /** A queue that no job can be in is a mistake. */
  private static String queueNamed(String name) {
    return NewJob.of("any", null).on(name).queue();
  }

  QueueSettings configure(String queue, UnaryOperator<QueueSettings> change) {
    QueueSettings before = settings(queue);
    Map<String, @Nullable Object> wanted = QueueJson.of(change.apply(before));
    QueueJson.of(before).forEach(wanted::remove);
    Request request = Request.patch("/queues/" + encoded(queue), wanted).harmless().slow();
    return transport.call(request).read(QueueReader::settings);
  }

  boolean pause(String queue) {
    return tell(queue, "pause");
  }

  boolean resume(String queue) {
    return tell(queue, "resume");
  }

  private boolean tell(String queue, String what) {
    return transport
        .call(Request.post("/queues/" + encoded(queueNamed(queue)) + "/" + what))
        .read(answer -> answer.flag("changed"));
  }

  void limitType(String type, Optional<Integer> concurrency) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("concurrency", concurrency.orElse(null));
    String name = NewJob.of(type, null).type();
    Reply unused = transport.call(Request.put("/limits/" + encoded(name), fields));
  }

  Map<String, Integer> typeLimits() {
    Map<String, Integer> limits = new LinkedHashMap<>();
    transport
        .call(Request.get("/limits"))
        .read(answer -> answer.numbers("limits"))
        .forEach((type, most) -> limits.put(type, Math.toIntExact(most)));
    return limits;
  }

  RunNext runNext(String queue) {
    return transport
        .call(Request.post("/queues/" + encoded(queueNamed(queue)) + "/run-next"))
        .read(QueueReader::runNext);
  }

  List<QueueSummary> all() {
    return transport.call(Request.get("/queues")).list("queues", QueueReader::summary);
  }
}
