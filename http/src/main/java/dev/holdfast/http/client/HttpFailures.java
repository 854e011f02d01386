package dev.holdfast.http.client;

import dev.holdfast.Failure;
import dev.holdfast.FailureGroup;
import dev.holdfast.FailureGroup.Mute;
import dev.holdfast.FailureReport;
import dev.holdfast.Failures;
import dev.holdfast.Fingerprint;
import dev.holdfast.http.Fields;
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
    return transport
        .call(request)
        .read(
            answer ->
                new FailureReport(
                    answer.list("failures", HttpFailures::group),
                    answer.number("jobs"),
                    answer.number("muted_jobs"),
                    answer.flag("whole")));
  }

  @Override
  public Optional<FailureGroup> find(Fingerprint fingerprint) {
    return transport.ifThere(
        Request.get(path(fingerprint)), answer -> answer.read(HttpFailures::group));
  }

  private static FailureGroup group(Fields group) {
    Optional<Mute> mute =
        group.flag("muted")
            ? Optional.of(new Mute(group.maybeInstant("muted_until"), group.text("muted_by")))
            : Optional.empty();
    return new FailureGroup(
        Fingerprint.parse(group.text("fingerprint")),
        group.text("type"),
        Failure.of(group.word("kind", Failure.Kind.class), group.text("example_message")),
        group.number("jobs"),
        group.instant("first_at"),
        group.instant("last_at"),
        group.jobId("example"),
        mute);
  }

  @Override
  public Changed retry(Fingerprint fingerprint, String by) {
    return transport.call(Request.post(path(fingerprint) + "/retry")).read(HttpFailures::changed);
  }

  @Override
  public Changed delete(Fingerprint fingerprint) {
    return transport.call(Request.delete(path(fingerprint))).read(HttpFailures::changed);
  }

  private static Changed changed(Fields answer) {
    return new Changed(answer.count("jobs"), answer.flag("more"));
  }

  @Override
  public FailureGroup mute(Fingerprint fingerprint, Optional<Instant> until, String by) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    until.ifPresent(end -> fields.put("until", end.toString()));
    Request request = Request.post(path(fingerprint) + "/mute").json(fields).harmless();
    return transport.call(request).read(HttpFailures::group);
  }

  @Override
  public boolean unmute(Fingerprint fingerprint) {
    boolean wasMuted = find(fingerprint).flatMap(FailureGroup::mute).isPresent();
    Reply unused = transport.call(Request.delete(path(fingerprint) + "/mute"));
    return wasMuted;
  }
}
