package dev.holdfast.http;

import dev.holdfast.FailureGroup;
import dev.holdfast.FailureGroup.Mute;
import dev.holdfast.FailureReport;
import dev.holdfast.Failures;
import dev.holdfast.Fingerprint;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Converts groups of dead letters to their wire form. */
public final class FailureJson {
  private FailureJson() {}

  /** Returns groups and totals. */
  public static Map<String, @Nullable Object> of(FailureReport report) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("failures", report.groups().stream().map(FailureJson::of).toList());
    fields.put("jobs", report.jobs());
    fields.put("muted_jobs", report.mutedJobs());
    fields.put("whole", report.isWhole());
    return fields;
  }

  /** Returns a group. */
  public static Map<String, @Nullable Object> of(FailureGroup group) {
    Optional<Mute> mute = group.mute();
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("fingerprint", group.fingerprint().toString());
    fields.put("type", group.type());
    fields.put("kind", group.failure().kind().name());
    fields.put("message", group.message());
    fields.put("jobs", group.jobs());
    fields.put("first_at", group.first().toString());
    fields.put("last_at", group.last().toString());
    fields.put("example", group.example().toString());
    fields.put("example_message", group.failure().message());
    fields.put("muted", mute.isPresent());
    fields.put("muted_until", mute.flatMap(Mute::until).map(Instant::toString).orElse(null));
    fields.put("muted_by", mute.map(Mute::by).orElse(null));
    return fields;
  }

  /** Returns the result of a change of a group. */
  public static Map<String, Object> of(Fingerprint fingerprint, Failures.Changed changed) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("fingerprint", fingerprint.toString());
    fields.put("jobs", changed.jobs());
    fields.put("more", changed.isMore());
    return fields;
  }
}
