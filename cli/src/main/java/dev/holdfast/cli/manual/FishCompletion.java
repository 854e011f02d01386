package dev.holdfast.cli.manual;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * A completion script for the shell fish: commands, options, and the values of options that have a
 * fixed set. See <a href="https://fishshell.com/docs/current/cmds/complete.html">complete</a>.
 */
public final class FishCompletion {
  /** Finds the words of the line that are commands: neither options nor their values. */
  private static final String FUNCTIONS =
      """
      function __%1$s_command
        set -l found
        set -l skips no
        for word in (commandline -opc)[2..]
          if test $skips = yes
            set skips no
            continue
          end
          switch $word
            case %2$s
              set skips yes
            case '-*'
            case '*'
              set -a found $word
          end
        end
        echo "$found"
      end

      function __%1$s_is
        test (__%1$s_command) = "$argv"
      end

      function __%1$s_in
        string match -q -- "$argv*" (__%1$s_command)
      end

      """;

  private final String name;
  private final List<String> lines = new ArrayList<>();
  private final Set<String> withValues = new LinkedHashSet<>();

  private FishCompletion(String name) {
    this.name = name;
  }

  /** Returns the script for a command and all below it. */
  public static String of(CommandSpec root) {
    FishCompletion script = new FishCompletion(root.name());
    script.command(root, "");
    return FUNCTIONS.formatted(root.name(), String.join(" ", script.withValues))
        + "complete -c %s -f%n".formatted(root.name())
        + String.join("\n", script.lines)
        + "\n";
  }

  private void command(CommandSpec spec, String path) {
    spec.subcommands()
        .forEach(
            (word, below) -> {
              CommandSpec one = below.getCommandSpec();
              if (!one.usageMessage().hidden()) {
                offer("__%s_is %s".formatted(name, path), "-a " + word, header(one));
                command(one, (path + " " + word).strip());
              }
            });
    spec.options().stream().filter(option -> !option.hidden()).forEach(o -> option(o, path));
  }

  private void option(OptionSpec option, String path) {
    StringBuilder what = new StringBuilder();
    for (String word : option.names()) {
      what.append(word.startsWith("--") ? " -l " : " -s ").append(word.replaceFirst("^-+", ""));
    }
    if (option.arity().max() > 0) {
      withValues.addAll(Stream.of(option.names()).toList());
      what.append(
          option.completionCandidates() == null ? " -r -F" : " -x -a " + quoted(values(option)));
    }
    String condition =
        path.isEmpty() ? "__%s_is ".formatted(name) : "__%s_in %s".formatted(name, path);
    offer(condition, what.toString().strip(), sentence(option.description()));
  }

  /** Returns the values as the help writes them: enums in small letters. */
  private static String values(OptionSpec option) {
    List<String> values = new ArrayList<>();
    option.completionCandidates().forEach(value -> values.add(value.toLowerCase(Locale.ROOT)));
    return String.join(" ", values);
  }

  private void offer(String condition, String what, String description) {
    lines.add(
        "complete -c %s -n %s %s -d %s"
            .formatted(name, quoted(condition.strip()), what, quoted(description)));
  }

  private static String header(CommandSpec spec) {
    return sentence(spec.usageMessage().header());
  }

  /** Returns the first sentence of a text of picocli. */
  private static String sentence(String[] texts) {
    String text =
        Ansi.OFF.string(String.join(" ", texts)).replace("%n", " ").replace("%%", "%").strip();
    int end = text.indexOf(". ");
    return (end < 0 ? text : text.substring(0, end + 1)).replaceFirst("\\.$", "");
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
