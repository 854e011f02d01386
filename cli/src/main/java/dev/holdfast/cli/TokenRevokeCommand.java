package dev.holdfast.cli;

import dev.holdfast.Holdfast;
import dev.holdfast.NotFoundException;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.cli.terminal.Text;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code holdfast token revoke}. */
@Command(name = "revoke", header = "Ends a token; servers refuse it within a second.")
final class TokenRevokeCommand implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  @Parameters(paramLabel = "NAME", description = "The token.")
  private String name = "";

  TokenRevokeCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() {
    try (Holdfast holdfast = db.openExisting()) {
      if (!holdfast.tokens().revoke(name)) {
        throw new NotFoundException(
            "there is no token '%s' that is not revoked".formatted(Text.safe(name)));
      }
    }
    console.line("revoked " + name);
    return ExitCodes.OK;
  }
}
