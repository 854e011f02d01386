package dev.holdfast.jdbc.store;

import dev.holdfast.ConflictException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The error of a write that the fence of a moving queue has refused. */
public final class Moved {
  private static final Pattern MESSAGE = Pattern.compile(Fences.MARK + "(this queue [^\\r\\n]*)");

  private Moved() {}

  /** What the fence says; empty if the failure is another. */
  public static Optional<ConflictException> meaning(SQLException failure) {
    Matcher message = MESSAGE.matcher(String.valueOf(failure.getMessage()));
    return message.find()
        ? Optional.of(new ConflictException(trimmed(message.group(1)), failure))
        : Optional.empty();
  }

  /** SQLite's driver puts it in parentheses. */
  private static String trimmed(String message) {
    return message.endsWith(")") ? message.substring(0, message.length() - 1) : message;
  }
}
