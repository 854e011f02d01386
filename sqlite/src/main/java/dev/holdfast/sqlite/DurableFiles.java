package dev.holdfast.sqlite;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Flushes files, and gives finished ones their names. */
final class DurableFiles {
  private DurableFiles() {}

  /** Flushes a file that no connection of this process has open. */
  static void sync(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  /** Flushes a folder. Not all systems can open folders; there nothing more can be done. */
  static void syncFolderOf(Path file) {
    try (FileChannel channel = FileChannel.open(file.resolveSibling(""), StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException noFolders) {
      return;
    }
  }

  /**
   * Gives a file a second name, so that it is not lost when another file takes the first. Where
   * links are not possible it gives up the first name.
   */
  static void keepAs(Path file, Path second) throws IOException {
    try {
      Files.createLink(second, file);
    } catch (FileAlreadyExistsException taken) {
      throw taken;
    } catch (IOException | UnsupportedOperationException noLinks) {
      Files.move(file, second, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  /**
   * Gives a finished file its name, never that of another file. The file keeps its first name, too,
   * where links are possible.
   *
   * @throws FileAlreadyExistsException if the name is taken
   */
  static void name(Path finished, Path name) throws IOException {
    try {
      Files.createLink(name, finished);
    } catch (FileAlreadyExistsException taken) {
      throw taken;
    } catch (IOException | UnsupportedOperationException noLinks) {
      if (Files.exists(name)) {
        throw new FileAlreadyExistsException(name.toString());
      }
      Files.move(finished, name, StandardCopyOption.ATOMIC_MOVE);
    }
  }
}
