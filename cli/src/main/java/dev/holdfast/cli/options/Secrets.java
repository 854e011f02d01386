package dev.holdfast.cli.options;

import dev.holdfast.http.Redaction;
import picocli.CommandLine.Option;

/** The option {@code --show-secrets}. */
public final class Secrets {
  @Option(names = "--show-secrets", description = "Shows redacted fields as well.")
  private boolean isShown;

  /** Returns the redaction to apply. */
  public Redaction redaction(DbOption db) {
    return isShown ? Redaction.none() : Redaction.of(db.configuration().settings().redact());
  }
}
