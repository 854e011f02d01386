package dev.holdfast.testkit.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Tells whether processes are alive. A process that has given up its memory is not: it is a zombie,
 * or it is ending and executes nothing of its program any more.
 */
public final class Alive {
  private Alive() {}

  /** Returns whether the process is alive. */
  public static boolean isAlive(long pid) {
    try {
      String pages = Files.readString(Path.of("/proc", Long.toString(pid), "statm"));
      return !pages.startsWith("0 ");
    } catch (IOException gone) {
      return false;
    }
  }
}
