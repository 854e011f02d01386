package dev.holdfast.cli.each;

import dev.holdfast.Job;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the item of a run from its job. */
final class Item {
  /** The metadata key of the line number. */
  static final String NUMBER = "line";

  private static final Pattern NUMBER_IN_METADATA =
      Pattern.compile("\"" + NUMBER + "\":\\s*(\\d+)");
  private static final int HASH_CHARS = 8;

  private Item() {}

  /**
   * Returns the line number when the line was first read; 0 if it was removed from the metadata.
   */
  static long number(Job job) {
    Matcher number = NUMBER_IN_METADATA.matcher(job.metadata().orElse(""));
    return number.find() ? Long.parseLong(number.group(1)) : 0;
  }

  /**
   * Returns the name of the item's files in an output folder: the line number and a hash of the
   * line, because another line can have that number after the input has changed.
   */
  static String fileName(Job job) {
    String key = job.key().orElse(job.id().toString());
    String hash = key.substring(0, Math.min(key.length(), HASH_CHARS));
    String occurrence = key.substring(key.indexOf('#') + 1);
    boolean isFirst = occurrence.equals("1") || occurrence.equals(key);
    return number(job) + "-" + hash + (isFirst ? "" : "-" + occurrence);
  }
}
