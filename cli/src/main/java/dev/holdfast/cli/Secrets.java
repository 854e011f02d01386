package dev.holdfast.cli;

import dev.holdfast.http.Redaction;
import picocli.CommandLine.Option;

/** Whether what was declared secret is shown. */
final class Secrets {
  @Option(
      names = "--show-secrets",
      description = "Shows the fields that the configuration redacts, too.")
  private boolean isShown;

  /** What is kept out of sight. */
  Redaction redaction(DbOption db) {
    return isShown ? Redaction.none() : Redaction.of(db.configuration().settings().redact());
  }
}
