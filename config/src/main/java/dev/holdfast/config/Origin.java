package dev.holdfast.config;

/**
 * The origin of a value or a mistake.
 *
 * @param layer the source
 * @param place the position in it: a flag, a variable, a file with its line
 * @param line the line of the file; 0 if there is none, or it is unknown
 */
public record Origin(Layer layer, String place, int line) {
  /** The origin of defaults. */
  public static final Origin DEFAULT = new Origin(Layer.DEFAULT, "default");

  Origin(Layer layer, String place) {
    this(layer, place, 0);
  }

  /** The sources, in ascending order of precedence. */
  public enum Layer {
    /** The built-in defaults. */
    DEFAULT,
    /** The configuration file. */
    FILE,
    /** An environment variable. */
    ENVIRONMENT,
    /** An option of the command. */
    FLAG
  }
}
