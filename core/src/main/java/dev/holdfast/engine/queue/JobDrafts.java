package dev.holdfast.engine.queue;

import dev.holdfast.NewJob;
import dev.holdfast.Requirements;
import dev.holdfast.TraceContext;
import dev.holdfast.check.Limits;
import dev.holdfast.check.UnicodeText;
import dev.holdfast.engine.Handlers;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.spi.JobIds;
import dev.holdfast.spi.PayloadCodec;
import dev.holdfast.spi.record.JobDraft;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes drafts of jobs: assigns ids, encodes payloads and the rest, and checks the sizes. */
final class JobDrafts {
  private final PayloadCodec codec;
  private final Handlers handlers;
  private final JobIds ids;

  JobDrafts(Handlers handlers, JobIds ids) {
    this.codec = handlers.codec();
    this.handlers = handlers;
    this.ids = ids;
  }

  /** Makes a draft of a job that belongs to no trace. */
  JobDraft of(NewJob job) {
    return of(job, Optional.empty());
  }

  JobDraft of(NewJob job, Optional<TraceContext> trace) {
    String payload = payload(job.type(), job.payload());
    return new JobDraft(
        job.id().orElseGet(ids::next),
        job.queue(),
        job.type(),
        payload,
        job.payloadVersion().orElseGet(() -> handlers.version(job.type())),
        job.priority(),
        job.runAt(),
        job.delay(),
        job.maxAttempts(),
        job.timeout(),
        job.key(),
        job.keyKept(),
        job.group(),
        job.tags().isEmpty() ? Optional.empty() : Optional.of(encodeSmall("tags", job.tags())),
        metadata(job, trace),
        encodeMap("required capabilities", job.requires()).map(Requirements::canonical),
        job.createdBy(),
        job.waits());
  }

  /** Encodes a payload and checks its size. */
  String payload(String type, @Nullable Object payload) {
    String json = payload == null ? "null" : codec.encode(payload);
    checkSize("payload of a job of type '" + type + "'", json, Limits.PAYLOAD_BYTES_MAX);
    return json;
  }

  /** The limit is for the caller's metadata; a trace is never a reason to reject a job. */
  private Optional<String> metadata(NewJob job, Optional<TraceContext> trace) {
    Optional<String> own = encodeMap("metadata", job.metadata());
    return trace.map(place -> codec.encode(job.trace(place).metadata())).or(() -> own);
  }

  private Optional<String> encodeMap(String what, Map<String, Object> facts) {
    return facts.isEmpty() ? Optional.empty() : Optional.of(encodeSmall(what, facts));
  }

  private String encodeSmall(String what, Object value) {
    String json = codec.encode(value);
    checkSize(what, json, Limits.METADATA_BYTES_MAX);
    return json;
  }

  private static void checkSize(String what, String json, int max) {
    UnicodeText.check("the " + what, json);
    boolean surelyFits = json.length() <= max / 3; // a char takes at most three bytes
    int bytes = surelyFits ? 0 : json.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > max) {
      throw new InvalidRequestException(
          "the %s has %,d bytes of JSON, at most %,d are allowed: store it elsewhere and enqueue where"
              .formatted(what, bytes, max));
    }
  }
}
