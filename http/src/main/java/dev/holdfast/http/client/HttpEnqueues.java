package dev.holdfast.http.client;

import dev.holdfast.Enqueued;
import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import dev.holdfast.check.Limits;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.http.NewJobJson;
import dev.holdfast.http.wire.EnqueuedJson;
import dev.holdfast.spi.JobIds;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Enqueues through a server, each job once. Thread-safe. */
final class HttpEnqueues {
  private static final int BYTES_MAX = 16 * Limits.PAYLOAD_BYTES_MAX;

  private final Transport transport;
  private final JobIds ids;

  HttpEnqueues(Transport transport, JobIds ids) {
    this.transport = transport;
    this.ids = ids;
  }

  List<Enqueued> enqueue(List<NewJob> jobs) {
    if (jobs.isEmpty()) {
      return List.of();
    }
    if (jobs.size() > Limits.ENQUEUE_BATCH_MAX) {
      throw new InvalidRequestException(
          "one call can enqueue at most %,d jobs, got %,d: split them"
              .formatted(Limits.ENQUEUE_BATCH_MAX, jobs.size()));
    }
    Set<JobId> made = new HashSet<>();
    List<Map<String, @Nullable Object>> wire = new ArrayList<>();
    for (NewJob job : jobs) {
      NewJob named = job;
      if (job.id().isEmpty()) {
        JobId id = ids.next();
        made.add(id);
        named = job.withId(id);
      }
      wire.add(NewJobJson.write(named));
    }
    Request request = Request.post("/jobs").json(wire).harmless();
    checkSize(request);
    return transport.call(request).readEach(EnqueuedJson.class, EnqueuedJson::enqueued).stream()
        .map(answer -> made.contains(answer.id()) ? new Enqueued(answer.id(), false) : answer)
        .toList(); // a job of this call is no duplicate, even if its first response was lost
  }

  /**
   * Checks the size first, as a server that refuses an unread body may close the connection before
   * its response arrives.
   */
  private static void checkSize(Request request) {
    int bytes = request.body().orElseThrow().getBytes(StandardCharsets.UTF_8).length;
    if (bytes > BYTES_MAX) {
      throw new InvalidRequestException(
          "these jobs have %,d bytes of JSON, but one call through a server can enqueue at most %,d: split them"
              .formatted(bytes, BYTES_MAX));
    }
  }
}
