package dev.holdfast.cli.export;

import dev.holdfast.Failure;
import dev.holdfast.Job;
import dev.holdfast.http.Redaction;
import java.util.Optional;

/** Removes secrets from an export and counts the affected texts. */
final class ExportRedaction {
  private final Redaction redaction;
  private long count;

  ExportRedaction(Redaction redaction) {
    this.redaction = redaction;
  }

  boolean isNone() {
    return redaction.isNone();
  }

  /** Returns the number of texts from which something was removed. */
  long count() {
    return count;
  }

  String of(String root, String json) {
    return counted(json, redaction.of(root, json));
  }

  Optional<String> of(String root, Optional<String> json) {
    return json.map(text -> of(root, text));
  }

  Failure of(Failure failure, Job job) {
    Failure clean = redaction.of(failure, job);
    String unused = counted(failure.message() + failure.trace(), clean.message() + clean.trace());
    return clean;
  }

  private String counted(String before, String after) {
    if (after.contains(Redaction.INSTEAD) && !before.contains(Redaction.INSTEAD)) {
      count++;
    }
    return after;
  }
}
