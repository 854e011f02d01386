package dev.holdfast.cli;

import dev.holdfast.Failure;
import dev.holdfast.Job;
import dev.holdfast.http.Redaction;
import java.util.Optional;

/** Takes secrets out of what is exported, and counts where there were any. */
final class Hiding {
  private final Redaction redaction;
  private long count;

  Hiding(Redaction redaction) {
    this.redaction = redaction;
  }

  boolean isNone() {
    return redaction.isNone();
  }

  /** In how many texts something was hidden. */
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
