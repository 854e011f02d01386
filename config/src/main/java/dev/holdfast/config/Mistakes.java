package dev.holdfast.config;

import dev.holdfast.check.DidYouMean;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects all mistakes, so that they are reported together. */
final class Mistakes {
  private final List<Mistake> found = new ArrayList<>();

  void add(Origin origin, String text) {
    found.add(new Mistake(origin, text));
  }

  /** Adds a value that its key does not allow. */
  void refuse(Key<?> key, Given given) {
    add(
        given.origin(),
        "%s is %s: expected %s%s"
            .formatted(
                key.name(),
                Redacted.address(given.quoted()),
                key.kind().allowed(),
                given.text().map(text -> DidYouMean.oneOf(key.kind().words(), text)).orElse("")));
  }

  /** Throws if there are mistakes; those of the file come first, by line. */
  void throwIfAny() {
    if (!found.isEmpty()) {
      found.sort(
          Comparator.comparing((Mistake mistake) -> mistake.origin().layer())
              .thenComparing(mistake -> mistake.origin().line()));
      throw new ConfigException(found);
    }
  }
}
