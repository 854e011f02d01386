package dev.holdfast.benchmarks.postgres.peers;

import java.net.URL;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads versions from the class path. */
final class Versions {
  private Versions() {}

  /** Returns the version in the name of the archive of a class, or "unknown". */
  static String of(Class<?> type) {
    URL archive = type.getProtectionDomain().getCodeSource().getLocation();
    Matcher version = Pattern.compile("-(\\d[\\w.]*)\\.jar$").matcher(archive.getPath());
    return version.find() ? version.group(1) : "unknown";
  }
}
