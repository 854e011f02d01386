package dev.holdfast.sqlite;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A real file system of a few megabytes. Only root can mount one. */
final class SmallDisk implements AutoCloseable {
  private static final int PART_BYTES = 4_096;
  private static final long PATIENCE_SECONDS = 60;

  private final Path root;

  private SmallDisk(Path root) {
    this.root = root;
  }

  /** Mounts one; if that is impossible the test is skipped with a message, but never in CI. */
  static SmallDisk mount(Path folder, int megabytes) throws Exception {
    Path root = Files.createDirectory(folder.resolve("disk"));
    boolean isMounted =
        runs("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs", root.toString());
    if (!isMounted && System.getenv("CI") != null) {
      throw new AssertionError("no file system can be mounted here: CI runs this test as root");
    }
    Assumptions.assumeTrue(isMounted, "no small file system can be mounted: this needs root");
    return new SmallDisk(root);
  }

  private static boolean runs(String... command) throws Exception {
    try {
      Process process =
          new ProcessBuilder(List.of(command))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException noSuchCommand) {
      return false;
    }
  }

  Path root() {
    return root;
  }

  /** Fills it completely. */
  void fill() throws IOException {
    try (OutputStream out = Files.newOutputStream(ballast())) {
      byte[] part = new byte[PART_BYTES];
      while (true) {
        out.write(part);
      }
    } catch (IOException full) {
      if (root.toFile().getUsableSpace() > 0) {
        throw full;
      }
    }
  }

  void makeRoom() throws IOException {
    Files.delete(ballast());
  }

  private Path ballast() {
    return root.resolve("ballast");
  }

  @Override
  public void close() throws Exception {
    if (!runs("umount", root.toString())) {
      runs("umount", "-l", root.toString());
    }
  }
}
