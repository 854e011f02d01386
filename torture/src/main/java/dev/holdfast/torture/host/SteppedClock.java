package dev.holdfast.torture.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A wall clock that can be set while processes use it, through libfaketime; their monotonic clock
 * is the host's.
 */
public final class SteppedClock {
  private static final Path LIBRARIES = Path.of("/usr/lib");
  private static final String LIBRARY = "libfaketimeMT.so.1";

  private final Path library;
  private final Path file;
  private long offsetSeconds;
  private long newestSeconds;

  private SteppedClock(Path library, Path file) {
    this.library = library;
    this.file = file;
    write();
  }

  /**
   * Creates a clock whose setting is kept in {@code folder}; empty if libfaketime is not installed.
   */
  public static Optional<SteppedClock> in(Path folder) {
    return library().map(library -> new SteppedClock(library, folder.resolve("clock")));
  }

  /** Returns whether libfaketime is installed. */
  public static boolean isInstalled() {
    return library().isPresent();
  }

  private static Optional<Path> library() {
    try (Stream<Path> found =
        Files.find(LIBRARIES, 3, (path, facts) -> path.endsWith("faketime/" + LIBRARY))) {
      return found.findFirst();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /**
   * Returns the wrapper that runs a program with this clock. Without its last part each timed wait
   * of a JVM returns at once, and all threads spin.
   */
  public List<String> wrapper() {
    return List.of(
        "env",
        "LD_PRELOAD=" + library,
        "FAKETIME_TIMESTAMP_FILE=" + file.toAbsolutePath(),
        "FAKETIME_NO_CACHE=1",
        "FAKETIME_DONT_FAKE_MONOTONIC=1",
        "FAKETIME_FORCE_MONOTONIC_FIX=0");
  }

  /** Sets its offset from the host's clock, in seconds. */
  public void set(long newOffsetSeconds) {
    offsetSeconds = newOffsetSeconds;
    newestSeconds = Math.max(newestSeconds, newOffsetSeconds);
    write();
  }

  /** Returns its offset from the host's clock, in seconds. */
  public long offsetSeconds() {
    return offsetSeconds;
  }

  /** Returns the largest offset so far; jobs scheduled then become due only there. */
  public long newestSeconds() {
    return newestSeconds;
  }

  /** Writes the offset by a rename, so that a reader never sees half a number. */
  private void write() {
    try {
      Path next = file.resolveSibling("clock.next");
      Files.writeString(next, "%+d\n".formatted(offsetSeconds));
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
