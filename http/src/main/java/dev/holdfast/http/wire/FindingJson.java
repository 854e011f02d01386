package dev.holdfast.http.wire;

import dev.holdfast.Finding;

/** Wire form of a {@link Finding}: something that is wrong. */
public record FindingJson(Finding.Gravity gravity, String code, String text, String cure) {

  /** Returns a finding. */
  public static FindingJson of(Finding finding) {
    return new FindingJson(finding.gravity(), finding.code(), finding.text(), finding.cure());
  }

  /** Returns the finding. */
  public Finding finding() {
    return new Finding(gravity, code, text, cure);
  }
}
