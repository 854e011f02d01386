package dev.holdfast.torture.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A separate file system, small enough to be filled. Its files are deleted when it is closed. */
public final class SmallDisk implements AutoCloseable {
  private final Path folder;

  private SmallDisk(Path folder) {
    this.folder = folder;
  }

  /** Mounts a file system at {@code folder}; empty without root, which it needs. */
  public static Optional<SmallDisk> mount(Path folder, long megabytes) {
    try {
      Files.createDirectories(folder);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    boolean mounted =
        works("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs", folder.toString());
    return mounted ? Optional.of(new SmallDisk(folder)) : Optional.empty();
  }

  /** Returns whether this machine allows it. */
  public static boolean isPossible() {
    try {
      Path folder = Files.createTempDirectory("holdfast-disk-");
      Optional<SmallDisk> disk = mount(folder, 1);
      disk.ifPresent(SmallDisk::close);
      Files.delete(folder);
      return disk.isPresent();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static boolean works(String... command) {
    try {
      return new ProcessBuilder(List.of(command))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException missing) {
      return false;
    } catch (InterruptedException told) {
      throw new IllegalStateException("the run was interrupted", told);
    }
  }

  /** Returns its mount point. */
  public Path folder() {
    return folder;
  }

  /** Unmounts it, even if files are still open. */
  @Override
  public void close() {
    if (!works("umount", "--lazy", folder.toString())) {
      throw new IllegalStateException("the disk at " + folder + " cannot be unmounted");
    }
  }
}
