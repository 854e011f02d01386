package dev.holdfast.cli.manual;

import static java.util.Objects.requireNonNull;

import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code holdfast completion}. */
@Command(
    name = "completion",
    header = "Prints a shell completion script for commands and options.",
    description = {
      "%nFor this shell: source <(holdfast completion bash). For new shells, add that line to"
          + " ~/.bashrc, or for zsh to ~/.zshrc. For fish: holdfast completion fish >"
          + " ~/.config/fish/completions/holdfast.fish"
    })
public final class CompletionCommand implements Callable<Integer> {
  /** The supported shells. */
  enum Shell {
    BASH,
    ZSH,
    FISH
  }

  private static final String NAME = "holdfast";
  private static final String ZSH_START =
      "autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n";

  private final Console console;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "SHELL", description = "bash, zsh or fish.")
  private @Nullable Shell shell;

  public CompletionCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    console.write(script(requireNonNull(spec).root().commandLine()));
    return ExitCodes.OK;
  }

  private String script(CommandLine root) {
    return switch (requireNonNull(shell)) {
      case BASH -> AutoComplete.bash(NAME, root);
      case ZSH -> ZSH_START + AutoComplete.bash(NAME, root);
      case FISH -> FishCompletion.of(root.getCommandSpec());
    };
  }
}
