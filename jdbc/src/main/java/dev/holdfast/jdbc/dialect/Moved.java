package dev.holdfast.jdbc.dialect;

import dev.holdfast.error.ConflictException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Recognizes writes that the fence of a moving queue rejected. */
public final class Moved {
  private static final Pattern MESSAGE = Pattern.compile(Fences.MARK + "(this queue [^\\r\\n]*)");

  private Moved() {}

  /** Returns the message of the fence; empty if the failure is another one. */
  public static Optional<ConflictException> meaning(SQLException failure) {
    Matcher message = MESSAGE.matcher(String.valueOf(failure.getMessage()));
    return message.find()
        ? Optional.of(new ConflictException(trimmed(message.group(1)), failure))
        : Optional.empty();
  }

  /** Removes the parentheses that SQLite's driver adds. */
  private static String trimmed(String message) {
    return message.endsWith(")") ? message.substring(0, message.length() - 1) : message;
  }
}
