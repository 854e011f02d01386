package dev.holdfast.check;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Suggests a known name for an unknown one. */
public final class DidYouMean {
  private static final int BEGINNING_MIN = 4;

  /** The longest name compared, as comparing costs the product of both lengths. */
  private static final int CHARS_MAX = 200;

  private DidYouMean() {}

  /** Returns a question to end a message with; empty if no name is similar. */
  public static String oneOf(Collection<String> known, String given) {
    return nearest(known, given).map(name -> "; did you mean " + name + "?").orElse("");
  }

  /**
   * Returns the most similar name. A third of the letters may be wrong, at most three; or the given
   * name may extend a known one.
   */
  public static Optional<String> nearest(Collection<String> known, String given) {
    String wanted =
        given.substring(0, Math.min(given.length(), CHARS_MAX)).toLowerCase(Locale.ROOT);
    int most = Math.min(3, Math.max(1, wanted.length() / 3));
    return known.stream()
        .filter(name -> distance(name, wanted) <= most || isBeginning(name, wanted))
        .min(Comparator.comparingInt(name -> distance(name, wanted)));
  }

  private static boolean isBeginning(String name, String wanted) {
    return name.length() >= BEGINNING_MIN && wanted.startsWith(name.toLowerCase(Locale.ROOT));
  }

  /** Counts the letters that must be changed, added, removed or swapped with their neighbour. */
  private static int distance(String name, String to) {
    String from = name.toLowerCase(Locale.ROOT);
    int[][] steps = new int[from.length() + 1][to.length() + 1];
    for (int i = 0; i <= from.length(); i++) {
      for (int j = 0; j <= to.length(); j++) {
        steps[i][j] = i == 0 || j == 0 ? i + j : step(steps, from, i, to, j);
      }
    }
    return steps[from.length()][to.length()];
  }

  private static int step(int[][] steps, String from, int i, String to, int j) {
    char last = from.charAt(i - 1);
    int changed = steps[i - 1][j - 1] + (last == to.charAt(j - 1) ? 0 : 1);
    int best = Math.min(changed, Math.min(steps[i - 1][j], steps[i][j - 1]) + 1);
    boolean isSwapped =
        i > 1 && j > 1 && last == to.charAt(j - 2) && from.charAt(i - 2) == to.charAt(j - 1);
    return isSwapped ? Math.min(best, steps[i - 2][j - 2] + 1) : best;
  }
}
