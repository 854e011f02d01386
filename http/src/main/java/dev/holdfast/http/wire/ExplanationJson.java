package dev.holdfast.http.wire;

import dev.holdfast.Explanation;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import java.util.List;

/** Wire form of an {@link Explanation}: why a job is in its state. */
public record ExplanationJson(
    JobId id, String queue, String type, JobState state, List<Reason> reasons) {

  /** Wire form of one reason. */
  public record Reason(Explanation.Code code, String text, String advice) {
    static Reason of(Explanation.Reason reason) {
      return new Reason(reason.code(), reason.text(), reason.advice());
    }

    Explanation.Reason reason() {
      return new Explanation.Reason(code, text, advice);
    }
  }

  /** Returns an explanation. */
  public static ExplanationJson of(Explanation explanation) {
    return new ExplanationJson(
        explanation.job().id(),
        explanation.job().queue(),
        explanation.job().type(),
        explanation.job().state(),
        explanation.reasons().stream().map(Reason::of).toList());
  }

  /** Returns the reasons alone. */
  public List<Explanation.Reason> explained() {
    return reasons.stream().map(Reason::reason).toList();
  }
}
