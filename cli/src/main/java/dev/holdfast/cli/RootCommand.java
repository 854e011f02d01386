package dev.holdfast.cli;

import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** {@code holdfast} itself. */
@Command(
    name = "holdfast",
    description = "A durable job queue: an acknowledged job is never lost, and never stuck.",
    synopsisSubcommandLabel = "COMMAND",
    versionProvider = RootCommand.Version.class,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done; an empty answer too",
      "1:the work itself failed: some job did, or a check is red",
      "2:asked in a wrong way: a malformed option, id or payload",
      "3:there is no such job or database",
      "4:the job's state forbids it",
      "69:the store, or its server, does not answer",
      "70:a bug in Holdfast",
      "74:reading or writing failed, or the file is no database of Holdfast",
      "75:somebody else is at it: try again",
      "77:not permitted",
      "78:the configuration has mistakes",
      "129, 130, 143:ended by SIGHUP, SIGINT, SIGTERM",
      "141:the reader of the output went away"
    },
    footerHeading = "%nEnvironment:%n",
    footer = {
      "  HOLDFAST_DB              the database, where -d is not given",
      "  HOLDFAST_API_TOKEN       by which a server knows you, where DB is one",
      "  HOLDFAST_API_TOKEN_FILE  the file that has the token instead, readable by you alone",
      "  HOLDFAST_CONFIG          the configuration file, where --config is not given",
      "  HOLDFAST_DEBUG           1: stack traces with errors",
      "  LOG_LEVEL                off, error, warn (default), info, debug or trace",
      "Each setting has a variable of its own: docs/reference/config.md."
    })
@SuppressWarnings("UnusedVariable") // options are read by picocli
final class RootCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private final ConfigOption config;
  @Mixin private final DbOption db;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Shows how to use this command.")
  private boolean isHelpAsked;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Shows the version.")
  private boolean isVersionAsked;

  RootCommand(ConfigOption config, DbOption db, Console console) {
    this.config = config;
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() {
    console.say("no command given (see holdfast --help)");
    return ExitCodes.USAGE;
  }

  /** From the jar's manifest. */
  static final class Version implements IVersionProvider {
    static String number() {
      return Optional.ofNullable(RootCommand.class.getPackage().getImplementationVersion())
          .orElse("(development)");
    }

    @Override
    public String[] getVersion() {
      return new String[] {
        "holdfast " + number(), "Java " + Runtime.version() + ", " + System.getProperty("os.name")
      };
    }
  }
}
