package dev.holdfast.cli.access;

import dev.holdfast.Holdfast;
import dev.holdfast.check.DidYouMean;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.cli.terminal.Text;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.error.NotFoundException;
import dev.holdfast.spi.server.TokenRecord;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holdfast token revoke}. */
@Command(name = "revoke", header = "Revokes a token; servers refuse it within a second.")
final class TokenRevokeCommand implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  @Parameters(paramLabel = "NAME", arity = "0..1", description = "The token.")
  private String name = "";

  @Option(
      names = "--all",
      description =
          "Revokes all tokens, for example after an older copy of the database was restored.")
  private boolean isAll;

  TokenRevokeCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() {
    if (isAll != name.isEmpty()) {
      throw new InvalidRequestException("specify either the NAME of a token or --all");
    }
    try (Holdfast holdfast = db.openExisting()) {
      List<String> names =
          holdfast.embedding().store().server().tokens().list().stream()
              .filter(token -> token.revokedAt().isEmpty())
              .map(TokenRecord::name)
              .toList();
      if (!isAll && !names.contains(name)) {
        throw new NotFoundException(
            "there is no unrevoked token '%s'%s"
                .formatted(Text.safe(name), DidYouMean.oneOf(names, name)));
      }
      for (String one : isAll ? names : List.of(name)) {
        if (holdfast.embedding().store().server().tokens().revoke(one)) {
          console.line("revoked " + one);
        }
      }
    }
    return ExitCodes.OK;
  }
}
