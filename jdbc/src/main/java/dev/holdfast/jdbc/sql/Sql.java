package dev.holdfast.jdbc.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An SQL statement with named parameters such as {@code :id}, and no other variable parts. Created
 * once, as a constant.
 */
public final class Sql {
  /** A name after a single colon: neither a PostgreSQL cast nor a part of a word. */
  private static final Pattern PARAMETER = Pattern.compile("(?<![:\\w]):([a-z_]+)");

  private final String text;
  private final List<String> parameters;

  private Sql(String text, List<String> parameters) {
    this.text = text;
    this.parameters = List.copyOf(parameters);
  }

  /** Creates a statement whose parameters are bound by name. */
  public static Sql of(String named) {
    List<String> names = new ArrayList<>();
    Matcher matcher = PARAMETER.matcher(named);
    StringBuilder positional = new StringBuilder();
    while (matcher.find()) {
      names.add(matcher.group(1));
      matcher.appendReplacement(positional, "?");
    }
    matcher.appendTail(positional);
    return new Sql(positional.toString(), names);
  }

  /** Returns the text for the driver, with question marks. */
  String text() {
    return text;
  }

  /** Returns the name of each question mark, in order. */
  public List<String> parameters() {
    return parameters;
  }

  @Override
  public String toString() {
    return text;
  }
}
