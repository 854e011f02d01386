package dev.holdfast.handlers.http;

/** Thrown for a payload that no retry can fix; the message is one line that says what to change. */
final class PayloadMistake extends Exception {
  private static final long serialVersionUID = 1L;

  PayloadMistake(String message) {
    super(message);
  }

  String line() {
    return String.valueOf(getMessage());
  }
}
