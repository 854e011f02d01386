package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.Display;
import dev.holdfast.spi.SystemTime;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** The reference of the command line is generated from its commands. */
class CliReferenceTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "reference", "cli.md");

  /** Compares the document, or rewrites it if {@code -Dtidy.write=true}. */
  @Test
  void the_reference_says_what_the_commands_say() throws IOException {
    String reference = reference();
    if (Boolean.getBoolean("tidy.write")) {
      Files.createDirectories(DOCUMENT.resolveSibling(""));
      Files.writeString(DOCUMENT, reference);
    }

    assertThat(Files.readString(DOCUMENT))
        .as("to rewrite it: mvn test -pl cli -am -Dtest=CliReferenceTest -Dtidy.write=true")
        .isEqualTo(reference);
  }

  private static String reference() {
    Console console =
        new Console(
            Map.of(),
            InputStream.nullInputStream(),
            OutputStream.nullOutputStream(),
            OutputStream.nullOutputStream(),
            false,
            Display.none(),
            new SystemTime());
    CommandLine root = Main.commandLine(console, console, code -> {});
    StringBuilder text = new StringBuilder();
    text.append("# The command line\n\n")
        .append("What `holdfast --help` and `holdfast COMMAND --help` say. stdout carries data,")
        .append(" stderr messages.\nDurations are numbers with `ms`, `s`, `m`, `h` or `d`:")
        .append(" `500ms`, `30s`, `1h30m`; ISO 8601 (`PT30S`) is read too.\nWhat can be")
        .append(" configured stands in the [configuration](config.md).\n\n");
    section(text, root);
    return text.toString().stripTrailing() + "\n";
  }

  private static void section(StringBuilder text, CommandLine command) {
    command.setUsageHelpWidth(100);
    String usage = command.getUsageMessage(Ansi.OFF).replaceAll("[ \t]+\n", "\n").strip();
    text.append("## ").append(command.getCommandSpec().qualifiedName()).append("\n\n");
    text.append("```text\n").append(usage).append("\n```\n\n");
    command.getSubcommands().values().forEach(below -> section(text, below));
  }
}
