package dev.holdfast.cli.access;

import dev.holdfast.Holdfast;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.cli.terminal.Table;
import dev.holdfast.cli.terminal.Text;
import dev.holdfast.http.Json;
import dev.holdfast.http.TokenJson;
import dev.holdfast.spi.server.TokenRecord;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code holdfast token list}. */
@Command(name = "list", header = "Lists all tokens, including those that are no longer valid.")
final class TokenListCommand implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  @Option(names = "--json", description = "Prints one JSON object a line.")
  private boolean isJson;

  TokenListCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() {
    try (Holdfast holdfast = db.openExisting()) {
      List<TokenRecord> tokens = holdfast.embedding().server().tokens().list();
      if (isJson) {
        tokens.forEach(token -> console.line(Json.write(TokenJson.of(token))));
      } else if (!tokens.isEmpty()) {
        print(tokens);
      }
    }
    return ExitCodes.OK;
  }

  private void print(List<TokenRecord> tokens) {
    Table table = new Table("NAME", "ROLE", "GROUPS", "VALID", "EXPIRES", "LAST USED", "CREATED");
    for (TokenRecord token : tokens) {
      table.add(
          token.name(),
          token.role().name().toLowerCase(Locale.ROOT),
          token
              .scope()
              .groups()
              .map(groups -> Text.safe(String.join(", ", new TreeSet<>(groups))))
              .orElse("all"),
          token.valid() ? "yes" : "no",
          text(token.expiresAt()),
          text(token.lastUsedAt()),
          text(Optional.of(token.createdAt())));
    }
    table.print(console);
  }

  private static String text(Optional<Instant> instant) {
    return instant.map(at -> at.truncatedTo(ChronoUnit.SECONDS).toString()).orElse("");
  }
}
