package dev.holdfast.config;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An option that a command was given.
 *
 * @param key what it sets
 * @param name how the user knows it, such as {@code --grace}
 * @param text what was given
 */
public record Flag(Key<?> key, String name, String text) {
  /** The flag if its option was given. */
  public static Optional<Flag> ifGiven(Key<?> key, String name, @Nullable String text) {
    return Optional.ofNullable(text).map(given -> new Flag(key, name, given));
  }

  Optional<Given> given(Key<?> asked) {
    return asked == key
        ? Optional.of(Given.text(text, new Origin(Origin.Layer.FLAG, name)))
        : Optional.empty();
  }
}
