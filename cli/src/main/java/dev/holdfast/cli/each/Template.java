package dev.holdfast.cli.each;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A command with placeholders for the item: {@code {}} is the line, <code>{/}</code> its base name,
 * <code>{.}</code> the line without its extension, <code>{#}</code> its number. In a command
 * without any, the line becomes the last argument.
 */
public final class Template {
  private static final Pattern PLACE = Pattern.compile("\\{[/.#]?}");

  private final List<String> command;
  private final boolean hasPlaces;

  /** Creates a template from a program and its arguments; placeholders may be anywhere in them. */
  public Template(List<String> command) {
    this.command = List.copyOf(command);
    this.hasPlaces = command.stream().anyMatch(part -> PLACE.matcher(part).find());
  }

  /** Returns the program and its arguments for one line. */
  List<String> argv(String line, long number) {
    List<String> argv = new ArrayList<>(command.size() + 1);
    for (String part : command) {
      argv.add(hasPlaces ? fill(part, line, number) : part);
    }
    if (!hasPlaces) {
      argv.add(line);
    }
    return argv;
  }

  /** Replaces the placeholders in one pass; inserted text is not scanned again. */
  private static String fill(String part, String line, long number) {
    Matcher places = PLACE.matcher(part);
    StringBuilder filled = new StringBuilder();
    while (places.find()) {
      String value =
          switch (places.group()) {
            case "{/}" -> lastPart(line);
            case "{.}" -> withoutExtension(line);
            case "{#}" -> Long.toString(number);
            default -> line;
          };
      places.appendReplacement(filled, Matcher.quoteReplacement(value));
    }
    return places.appendTail(filled).toString();
  }

  private static String lastPart(String path) {
    int end = path.length();
    while (end > 1 && path.charAt(end - 1) == '/') {
      end--;
    }
    int slash = path.lastIndexOf('/', end - 1);
    return slash == end - 1 ? path.substring(0, end) : path.substring(slash + 1, end);
  }

  /** Removes the extension; a name whose only dot is the first character has none. */
  private static String withoutExtension(String path) {
    int dot = path.lastIndexOf('.');
    int name = path.lastIndexOf('/') + 1;
    return dot > name ? path.substring(0, dot) : path;
  }
}
