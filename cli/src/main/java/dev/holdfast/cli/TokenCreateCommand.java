package dev.holdfast.cli;

import dev.holdfast.Holdfast;
import dev.holdfast.Scope;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.server.access.Tokens;
import dev.holdfast.spi.Role;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holdfast token create}. */
@Command(
    name = "create",
    header = "Creates a token, and prints its secret: only now, as it is stored nowhere.")
final class TokenCreateCommand implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  @Parameters(paramLabel = "NAME", description = "What it is called, for ever.")
  private String name = "";

  @Option(
      names = "--role",
      paramLabel = "ROLE",
      required = true,
      description =
          "What its holder may do: viewer (look), operator (look and steer), producer (enqueue and"
              + " look), worker (run jobs), admin (everything).")
  private Role role = Role.VIEWER;

  @Option(
      names = "--group",
      paramLabel = "GROUP",
      description = "With the jobs of this group alone; repeatable. Default: with all.")
  private List<String> groups = List.of();

  @Option(
      names = "--valid-for",
      paramLabel = "D",
      description = "How long it is valid, such as 90d. Default: until it is revoked.")
  private @Nullable Duration validFor;

  TokenCreateCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() {
    Scope scope = groups.isEmpty() ? Scope.all() : Scope.of(Set.copyOf(groups));
    try (Holdfast holdfast = db.open()) {
      console.line(
          Tokens.create(holdfast.tokens(), name, role, scope, Optional.ofNullable(validFor), "cli")
              .reveal());
    }
    return ExitCodes.OK;
  }
}
