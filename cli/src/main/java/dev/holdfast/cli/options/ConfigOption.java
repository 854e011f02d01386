package dev.holdfast.cli.options;

import dev.holdfast.cli.log.LogSetup;
import dev.holdfast.cli.log.LogUse;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.config.Configuration;
import dev.holdfast.config.Flag;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The option {@code --config}, with the default locations of the configuration file. */
public final class ConfigOption {
  private final Console console;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description =
          "The configuration file (YAML, TOML or JSON). Default: $$HOLDFAST_CONFIG, else the one in"
              + " $$XDG_CONFIG_HOME/holdfast, if any.")
  private @Nullable String file;

  public ConfigOption(Console console) {
    this.console = console;
  }

  /** Loads the configuration and applies its logging settings, before any logger is created. */
  Configuration load(List<Flag> flags, LogUse use) {
    Configuration loaded = Configuration.load(console.env(), Optional.ofNullable(file), flags);
    LogSetup.prepare(console, use.of(loaded, console.isTerminal()), use);
    return loaded;
  }
}
