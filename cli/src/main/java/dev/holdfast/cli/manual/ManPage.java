package dev.holdfast.cli.manual;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * A manual page with all commands, for {@code man}. The format is that of <a
 * href="https://man7.org/linux/man-pages/man7/man.7.html">man(7)</a>.
 */
public final class ManPage {
  private static final String LIST_BREAK = "%n";

  private final StringBuilder text = new StringBuilder();

  private ManPage() {}

  /**
   * Returns the page.
   *
   * @param root the program
   * @param version of the program
   */
  public static String of(CommandLine root, String version) {
    CommandSpec spec = root.getCommandSpec();
    ManPage page = new ManPage();
    page.line(
        ".TH %s 1 \"\" \"%s %s\" \"User Commands\""
            .formatted(spec.name().toUpperCase(Locale.ROOT), capitalised(spec.name()), version));
    page.line(".nh").line(".ad l");
    page.section("NAME").line(spec.name() + " \\- " + escaped(headline(spec)));
    page.section("SYNOPSIS").bold(spec.name()).line("[OPTIONS] COMMAND [ARGUMENTS]");
    page.section("OPTIONS");
    page.arguments(spec);
    page.section("COMMANDS");
    root.getSubcommands().values().forEach(page::command);
    page.exitCodes(spec);
    page.environment(spec);
    return page.text.toString();
  }

  private void command(CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    if (spec.usageMessage().hidden()) {
      return;
    }
    line(".SS \"" + spec.qualifiedName() + "\"");
    paragraphs(spec.usageMessage().header());
    line(".PP").line(escaped(synopsis(command)));
    paragraphs(spec.usageMessage().description());
    arguments(spec);
    command.getSubcommands().values().forEach(this::command);
  }

  private static String synopsis(CommandLine command) {
    return new Help(command.getCommandSpec(), Help.defaultColorScheme(Ansi.OFF))
        .synopsis(0)
        .replaceAll("\\s+", " ")
        .strip();
  }

  /** Writes parameters and options; those of every command are described once, at the top. */
  private void arguments(CommandSpec spec) {
    boolean isRoot = spec.parent() == null;
    for (PositionalParamSpec parameter : spec.positionalParameters()) {
      if (!parameter.hidden()) {
        argument(parameter.paramLabel(), parameter);
      }
    }
    for (OptionSpec option : spec.options()) {
      if (!option.hidden() && (isRoot || !isInherited(spec, option))) {
        String names = String.join(", ", option.names());
        argument(option.arity().max() == 0 ? names : names + " " + option.paramLabel(), option);
      }
    }
  }

  private static boolean isInherited(CommandSpec spec, OptionSpec option) {
    Map<String, OptionSpec> ofRoot = spec.root().optionsMap();
    return Stream.of(option.names()).allMatch(ofRoot::containsKey);
  }

  private void argument(String title, ArgSpec argument) {
    line(".TP").bold(escaped(title));
    line(escaped(plain(String.join(" ", argument.description())).replaceAll("\\s*\\n\\s*", " ")));
  }

  private void paragraphs(String[] texts) {
    plain(String.join(LIST_BREAK, texts))
        .lines()
        .filter(paragraph -> !paragraph.isBlank())
        .forEach(paragraph -> line(".PP").line(escaped(paragraph.strip())));
  }

  private void exitCodes(CommandSpec spec) {
    section("EXIT STATUS");
    spec.usageMessage()
        .exitCodeList()
        .forEach((code, meaning) -> line(".TP").bold(escaped(code)).line(escaped(meaning)));
  }

  /** Writes the variables, which the help shows in two columns. */
  private void environment(CommandSpec spec) {
    section("ENVIRONMENT");
    for (String one : spec.usageMessage().footer()) {
      String[] columns = one.strip().split(" {2,}", 2);
      if (columns.length == 2) {
        line(".TP").bold(escaped(columns[0])).line(escaped(columns[1]));
      } else {
        line(".PP").line(escaped(columns[0]));
      }
    }
  }

  private ManPage section(String title) {
    return line(".SH " + title);
  }

  private ManPage bold(String words) {
    return line(".B " + words);
  }

  private ManPage line(String line) {
    text.append(line).append('\n');
    return this;
  }

  private static String headline(CommandSpec spec) {
    return plain(String.join(" ", spec.usageMessage().description())).strip();
  }

  private static String plain(String ofPicocli) {
    return Ansi.OFF.string(ofPicocli).replace("%n", "\n").replace("%%", "%");
  }

  private static String capitalised(String name) {
    return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
  }

  /** Protects what the formatter would take for commands of its own. */
  private static String escaped(String plain) {
    String text = plain.replace("\\", "\\e").replace("-", "\\-");
    return text.startsWith(".") || text.startsWith("'") ? "\\&" + text : text;
  }
}
