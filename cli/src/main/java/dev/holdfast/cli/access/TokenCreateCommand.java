package dev.holdfast.cli.access;

import dev.holdfast.Holdfast;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.options.Person;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.search.Scope;
import dev.holdfast.server.access.Tokens;
import dev.holdfast.spi.server.Role;
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
    header = "Creates a token and prints its secret, which is stored nowhere.")
final class TokenCreateCommand implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  @Parameters(paramLabel = "NAME", description = "Token name; cannot be changed or reused.")
  private String name = "";

  @Option(
      names = "--role",
      paramLabel = "ROLE",
      required = true,
      description =
          "The role: viewer (read), operator (read and control), producer (enqueue and read),"
              + " worker (run jobs), admin (everything).")
  private Role role = Role.VIEWER;

  @Option(
      names = "--group",
      paramLabel = "GROUP",
      description = "Restricts the token to jobs of this group; repeatable. Default: all jobs.")
  private List<String> groups = List.of();

  @Option(
      names = "--valid-for",
      paramLabel = "D",
      description = "Validity, such as 90d. Default: until it is revoked.")
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
          Tokens.create(
                  holdfast.embedding().server().tokens(),
                  name,
                  role,
                  scope,
                  Optional.ofNullable(validFor),
                  Person.name())
              .reveal());
    }
    return ExitCodes.OK;
  }
}
