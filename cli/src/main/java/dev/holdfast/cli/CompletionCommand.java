package dev.holdfast.cli;

import static java.util.Objects.requireNonNull;

import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code holdfast completion}. */
@Command(
    name = "completion",
    header = "Prints a script that completes commands and options in a shell.",
    description = {
      "%nFor this shell: source <(holdfast completion bash). For all to come, put that line into"
          + " ~/.bashrc, or with zsh into ~/.zshrc."
    })
final class CompletionCommand implements Callable<Integer> {
  /** Shells whose completion is known. */
  enum Shell {
    BASH,
    ZSH
  }

  private static final String ZSH_START =
      "autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n";

  private final Console console;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "SHELL", description = "bash or zsh.")
  private @Nullable Shell shell;

  CompletionCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    String script = AutoComplete.bash("holdfast", requireNonNull(spec).root().commandLine());
    console.write(shell == Shell.ZSH ? ZSH_START + script : script);
    return ExitCodes.OK;
  }
}
