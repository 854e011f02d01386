package dev.holdfast.http.client;

import dev.holdfast.FailureGroup;
import dev.holdfast.FailureReport;
import dev.holdfast.Failures;
import dev.holdfast.Fingerprint;
import dev.holdfast.http.wire.FailureGroupJson;
import dev.holdfast.http.wire.FailureReportJson;
import dev.holdfast.http.wire.FailuresChangedJson;
import dev.holdfast.search.FailureQuery;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The dead letters of a queue behind a server, by the reason of their failure. */
final class HttpFailures implements Failures {
  private final Transport transport;

  HttpFailures(Transport transport) {
    this.transport = transport;
  }

  private static String path(Fingerprint fingerprint) {
    return "/failures/" + fingerprint;
  }

  @Override
  public FailureReport list(FailureQuery query) {
    Request request =
        Request.get("/failures")
            .query("queue", query.queue())
            .query("type", query.type())
            .query("since", query.since())
            .query("muted", query.muted())
            .query("limit", query.limit());
    return transport.call(request).read(FailureReportJson.class, FailureReportJson::report);
  }

  @Override
  public Optional<FailureGroup> find(Fingerprint fingerprint) {
    return transport.ifThere(
        Request.get(path(fingerprint)),
        answer -> answer.read(FailureGroupJson.class, FailureGroupJson::group));
  }

  @Override
  public Changed retry(Fingerprint fingerprint, String by) {
    return transport
        .call(Request.post(path(fingerprint) + "/retry"))
        .read(FailuresChangedJson.class, FailuresChangedJson::changed);
  }

  @Override
  public Changed delete(Fingerprint fingerprint) {
    return transport
        .call(Request.delete(path(fingerprint)))
        .read(FailuresChangedJson.class, FailuresChangedJson::changed);
  }

  @Override
  public FailureGroup mute(Fingerprint fingerprint, Optional<Instant> until, String by) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    until.ifPresent(end -> fields.put("until", end.toString()));
    Request request = Request.post(path(fingerprint) + "/mute").json(fields).harmless();
    return transport.call(request).read(FailureGroupJson.class, FailureGroupJson::group);
  }

  @Override
  public boolean unmute(Fingerprint fingerprint) {
    boolean wasMuted = find(fingerprint).flatMap(FailureGroup::mute).isPresent();
    Reply unused = transport.call(Request.delete(path(fingerprint) + "/mute"));
    return wasMuted;
  }
}
