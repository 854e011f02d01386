package dev.holdfast.cli;

import dev.holdfast.Holdfast;
import dev.holdfast.cli.options.ConfigOption;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
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
      "0:success, including an empty result",
      "1:the work itself failed: a job failed, or a check found problems",
      "2:wrong usage: a malformed option, id or payload",
      "3:there is no such job or database",
      "4:the job's state forbids it",
      "69:the store, or its server, does not answer",
      "70:a bug in Holdfast",
      "74:reading or writing failed, or the file is not a Holdfast database",
      "75:in use by another process: try again",
      "77:not permitted",
      "78:the configuration has errors",
      "129, 130, 143:ended by SIGHUP, SIGINT, SIGTERM",
      "141:the reader of the output went away"
    },
    footerHeading = "%nEnvironment:%n",
    footer = {
      "  HOLDFAST_DB              the database, if -d is not given",
      "  HOLDFAST_API_TOKEN       the API token, if DB is a server",
      "  HOLDFAST_API_TOKEN_FILE  a file with the token instead, readable only by you",
      "  HOLDFAST_CONFIG          the configuration file, if --config is not given",
      "  HOLDFAST_DEBUG           1: stack traces with errors",
      "  LOG_LEVEL                off, error, warn (default), info, debug or trace",
      "Each setting has its own variable: docs/reference/config.md."
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
      description = "Shows this help.")
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

  /** Returns the versions of Holdfast and Java, and the name of the system. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {
        "holdfast " + Holdfast.version(),
        "Java " + Runtime.version() + ", " + System.getProperty("os.name")
      };
    }
  }
}
