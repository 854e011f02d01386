package dev.holdfast.cli.each;

import dev.holdfast.Job;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a job of a run says of its item. */
final class Item {
  /** The name of the line's number in the job's metadata. */
  static final String NUMBER = "line";

  private static final Pattern NUMBER_IN_METADATA =
      Pattern.compile("\"" + NUMBER + "\":\\s*(\\d+)");
  private static final int HASH_CHARS = 8;

  private Item() {}

  /** The line's number when it was first read; 0 when somebody removed it. */
  static long number(Job job) {
    Matcher number = NUMBER_IN_METADATA.matcher(job.metadata().orElse(""));
    return number.find() ? Long.parseLong(number.group(1)) : 0;
  }

  /**
   * The name of its files in an output folder: the line's number and a hash of the line, because
   * another line can have that number when the input has changed.
   */
  static String fileName(Job job) {
    String key = job.key().orElse(job.id().toString());
    String hash = key.substring(0, Math.min(key.length(), HASH_CHARS));
    String occurrence = key.substring(key.indexOf('#') + 1);
    boolean isFirst = occurrence.equals("1") || occurrence.equals(key);
    return number(job) + "-" + hash + (isFirst ? "" : "-" + occurrence);
  }
}
