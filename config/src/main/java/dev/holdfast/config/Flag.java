package dev.holdfast.config;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An option given to a command.
 *
 * @param key the key that it sets
 * @param name its name, such as {@code --grace}
 * @param text its value
 */
public record Flag(Key<?> key, String name, String text) {
  /** Returns a flag if its option was given. */
  public static Optional<Flag> ifGiven(Key<?> key, String name, @Nullable String text) {
    return Optional.ofNullable(text).map(given -> new Flag(key, name, given));
  }

  Optional<Given> given(Key<?> asked) {
    return asked == key
        ? Optional.of(Given.text(text, new Origin(Origin.Layer.FLAG, name)))
        : Optional.empty();
  }
}
