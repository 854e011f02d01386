package dev.holdfast.cli.manual;

import static java.util.Objects.requireNonNull;

import dev.holdfast.Holdfast;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code holdfast man}. */
@Command(
    name = "man",
    header = "Prints the manual page.",
    description = "%nTo read it: holdfast man | man -l -")
public final class ManCommand implements Callable<Integer> {
  private final Console console;

  @Spec private @Nullable CommandSpec spec;

  public ManCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    console.write(ManPage.of(requireNonNull(spec).root().commandLine(), Holdfast.version()));
    return ExitCodes.OK;
  }
}
