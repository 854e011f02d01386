package dev.holdfast.config;

/**
 * Where a value, or a mistake, stands.
 *
 * @param layer which source
 * @param place where in it: a flag, a variable, a file with its line
 * @param line the line of the file; 0 where there is none, or it is not known
 */
public record Origin(Layer layer, String place, int line) {
  /** Holds where nothing else was said. */
  public static final Origin DEFAULT = new Origin(Layer.DEFAULT, "default");

  Origin(Layer layer, String place) {
    this(layer, place, 0);
  }

  /** The sources, a stronger one after the weaker ones. */
  public enum Layer {
    /** Built in. */
    DEFAULT,
    /** The configuration file. */
    FILE,
    /** An environment variable. */
    ENVIRONMENT,
    /** An option of the command. */
    FLAG
  }
}
